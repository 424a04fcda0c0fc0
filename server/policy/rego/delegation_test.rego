package throughline_test

for_cleo(changes) := object.union(
	subject({"kind": "AGENT", "roles": ["agent"]}),
	{"onBehalfOf": object.union({"actor": "cleo", "roles": ["editor"], "channels": null}, changes)},
)

test_an_agent_has_what_both_have if {
	allowed(for_cleo({}))
	denied_by(for_cleo({"roles": ["planner"]}), ["delegation"])
	denied_by(for_cleo({"roles": []}), ["delegation"])
	denied_by(object.union(for_cleo({}), {"subject": {"roles": ["executive"]}}), ["role"])
}

test_an_agent_is_held_to_the_channels_of_whom_it_acts_for if {
	in_channel := object.union(for_cleo({"channels": ["Channel:A"]}), {"capability": "episode.write"})
	allowed(object.union(in_channel, {"channels": ["Channel:A"]}))
	denied_by(object.union(in_channel, {"channels": ["Channel:B"]}), ["channel"])
}

test_nobody_governs_through_another if {
	service := admin({
		"subject": {"kind": "SERVICE"},
		"onBehalfOf": {"actor": "cleo", "roles": ["tenant-admin"], "channels": null},
	})
	allowed(service)
	denied_by(object.union(service, {"capability": "proposal.decide"}), ["delegation"])
}

test_a_namesake_in_another_tenant_is_somebody_else if {
	denied_by(
		object.union(for_platform("principal.write"), {"onBehalfOf": {
			"actor": "ana", "roles": ["tenant-admin"], "channels": null,
		}}),
		["delegation"],
	)
}
