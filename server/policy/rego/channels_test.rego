package throughline_test

held_to(channels, touched) := object.union(subject({"channels": channels}), {"channels": touched})

test_whoever_is_held_to_channels_touches_no_other if {
	allowed(held_to(["Channel:A"], ["Channel:A"]))
	allowed(held_to(["Channel:A"], []))
	denied_by(held_to(["Channel:A"], ["Channel:A", "Channel:B"]), ["channel"])
	denied_by(held_to([], ["Channel:A"]), ["channel"])
}

test_whoever_is_held_to_channels_does_not_govern_all_of_them if {
	switching := object.union(admin({"capability": "switch.write"}), {"subject": {"channels": ["Channel:A"]}})
	denied_by(switching, ["channel"])
	allowed(object.union(switching, {"channels": ["Channel:A"]}))
}
