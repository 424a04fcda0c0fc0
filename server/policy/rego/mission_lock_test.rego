package throughline_test

import data.throughline

# An agent with every role there is.
mighty(changes) := object.union(
	object.union(publishing, {"subject": {"kind": "AGENT", "roles": [role | some role, _ in throughline.roles]}}),
	changes,
)

test_an_agent_never_governs_whatever_its_roles if {
	every capability in throughline.governance | throughline.irreversible {
		answer := throughline.decision with input as mighty({"capability": capability})
		"mission-lock" in answer.denied
	}
}

test_an_agent_is_known_by_its_role_too if {
	denied_by(object.union(publishing, {"subject": {"kind": null, "roles": ["editor", "agent"]}}), ["mission-lock"])
}

test_whoever_acts_for_an_agent_is_its_hand if {
	denied_by(
		object.union(publishing, {
			"subject": {"kind": "SERVICE"},
			"onBehalfOf": {"actor": "bot", "roles": ["agent", "editor"], "channels": null},
		}),
		["mission-lock"],
	)
}

test_an_agent_computes_and_proposes if {
	every capability in ["evidence.write", "claim.write", "episode.write", "import", "proposal.write"] {
		allowed(object.union(subject({"kind": "AGENT", "roles": ["agent"]}), {"capability": capability}))
	}
}
