package throughline_test

exempting(rule, channel, expires) := {"exemptions": [{"rule": rule, "channelId": channel, "expiresAt": expires}]}

unfit(changes) := object.union(publish({"irreversible": {"gate": ["no scenes"]}}), changes)

test_an_exemption_lifts_its_rule_while_it_lasts if {
	allowed_by_approval(unfit(exempting("publish-gate", null, 1001)))
	denied_by(unfit(exempting("publish-gate", null, 1000)), ["publish-gate"])
	denied_by(unfit(exempting("approval", null, 1001)), ["publish-gate"])
}

test_an_exemption_of_a_channel_lifts_it_there if {
	allowed_by_approval(unfit(exempting("publish-gate", "Channel:A", 1001)))
	denied_by(unfit(exempting("publish-gate", "Channel:B", 1001)), ["publish-gate"])
	denied_by(
		object.union(unfit(exempting("publish-gate", "Channel:A", 1001)), {"channels": ["Channel:A", "Channel:B"]}),
		["publish-gate"],
	)
	denied_by(object.union(unfit(exempting("publish-gate", "Channel:A", 1001)), {"channels": []}), ["publish-gate"])
}

test_even_exempt_it_goes_through_a_proposal if {
	allowed(object.union(approved_by([]), exempting("approval", null, 1001)))
	denied_by(object.union(publish({"irreversible": null}), exempting("approval", null, 1001)), ["approval"])
}

test_nothing_else_has_exceptions if {
	denied_by(object.union(subject({"roles": []}), exempting("role", null, 1001)), ["role"])
	denied_by(switched(object.union(ana, exempting("kill-switch", null, 1001)), "TENANT", null, null), ["kill-switch"])
}

test_governance_has_no_exceptions if {
	every capability in ["exemption.write", "tenant.erase"] {
		denied_by(
			admin(object.union(
				{"capability": capability, "irreversible": {"proposer": "ana", "approvers": [], "gate": []}},
				exempting("approval", null, 1001),
			)),
			["approval"],
		)
	}
}
