package throughline_test

switched(question, scope, target, expires) := object.union(question, {"switches": [{
	"scope": scope, "target": target, "expiresAt": expires,
}]})

test_a_switch_stops_what_it_names if {
	denied_by(switched(ana, "TENANT", null, null), ["kill-switch"])
	denied_by(switched(ana, "CAPABILITY", "claim.write", null), ["kill-switch"])
	allowed(switched(ana, "CAPABILITY", "import", null))
	here := object.union(ana, {"channels": ["Channel:A", "Channel:B"]})
	denied_by(switched(here, "CHANNEL", "Channel:B", null), ["kill-switch"])
	allowed(switched(here, "CHANNEL", "Channel:C", null))
	allowed(switched(ana, "CHANNEL", "Channel:A", null))
}

test_a_switch_ends_at_its_instant if {
	denied_by(switched(ana, "TENANT", null, 1001), ["kill-switch"])
	allowed(switched(ana, "TENANT", null, 1000))
	allowed(switched(ana, "TENANT", null, 999))
}

test_one_that_is_over_hides_none_that_is_on if {
	denied_by(
		object.union(ana, {"switches": [
			{"scope": "TENANT", "target": null, "expiresAt": 1},
			{"scope": "TENANT", "target": null, "expiresAt": null},
		]}),
		["kill-switch"],
	)
}

test_what_names_no_target_stops_everything if {
	every scope in ["CHANNEL", "CAPABILITY"] { denied_by(switched(ana, scope, null, null), ["kill-switch"]) }
}

test_a_switch_can_always_be_lifted if {
	lifting := admin({"capability": "switch.write"})
	allowed(switched(lifting, "TENANT", null, null))
	allowed(switched(lifting, "CAPABILITY", "switch.write", null))
}

test_what_happened_can_be_read_unless_just_that_is_stopped if {
	reading := admin({"capability": "audit.read"})
	allowed(switched(reading, "TENANT", null, null))
	denied_by(switched(reading, "CAPABILITY", "audit.read", null), ["kill-switch"])
	allowed(switched(for_platform("tenant.suspend"), "TENANT", null, null))
	allowed(switched(for_platform("tenant.create"), "TENANT", null, null))
	denied_by(switched(admin({"capability": "export"}), "TENANT", null, null), ["kill-switch"])
}
