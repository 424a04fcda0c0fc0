package throughline_test

import data.throughline

allowed(question) if throughline.decision == {"allow": true, "denied": [], "approvals": 0} with input as question

denied_by(question, rules) if {
	answer := throughline.decision with input as question
	answer.allow == false
	answer.denied == rules
}

test_what_a_role_may_is_allowed if allowed(ana)

test_denials_are_told_all_at_once_in_order if {
	denied_by(
		object.union(ana, {"capability": "switch.write", "subject": {"tenant": "other", "region": "us"}}),
		["region", "role", "tenant-isolation"],
	)
}

# Each value of a question in turn: gone, or of another type.
test_what_is_not_whole_is_malformed if {
	places := {path | walk(publishing, [path, _]); count(path) > 0}
	count(places) > 20
	every path in places {
		every question in broken(path) { denied_by(question, ["malformed-input"]) }
	}
}

broken(path) := gone(path) | {json.patch(publishing, [{"op": "replace", "path": path, "value": {"of": "another type"}}])}

# A shorter list is still a list.
gone(path) := {question |
	is_string(path[count(path) - 1])
	question := json.patch(publishing, [{"op": "remove", "path": path}])
}

test_nothing_at_all_is_denied if {
	every question in [null, {}, [], "claim.write", 1, true] { denied_by(question, ["malformed-input"]) }
}

test_no_input_is_denied if throughline.decision.denied == ["malformed-input"]
