package throughline_test

import data.throughline

allowed_by_approval(question) if {
	throughline.decision == {"allow": true, "denied": [], "approvals": 1} with input as question
}

test_what_another_approved_is_carried_out if allowed_by_approval(publishing)

test_without_a_proposal_it_is_not if denied_by(publish({"irreversible": null}), ["approval"])

test_nobody_approves_their_own if {
	every approvers in [[], ["ana"], ["ana", "ana"], [""]] { denied_by(approved_by(approvers), ["approval"]) }
	allowed_by_approval(approved_by(["ana", "ben"]))
}

test_who_acts_and_whom_they_act_for_are_no_others if {
	denied_by(publish({"subject": {"actor": "ben"}}), ["approval"])
	denied_by(publish({"onBehalfOf": {"actor": "ben", "roles": ["editor"], "channels": null}}), ["approval"])
}

test_every_irreversible_act_needs_one if {
	every capability in throughline.irreversible {
		answer := throughline.decision with input as admin({"capability": capability})
		answer.approvals == 1
		"approval" in answer.denied
	}
}

test_an_audit_that_lags_stops_it if {
	allowed_by_approval(publish({"auditLagMs": 60000}))
	denied_by(publish({"auditLagMs": 60001}), ["audit-lag"])
	allowed(object.union(ana, {"auditLagMs": 60001}))
}

test_the_gate_stops_what_is_not_fit if {
	denied_by(publish({"irreversible": {"gate": ["no scenes"]}}), ["publish-gate"])
}
