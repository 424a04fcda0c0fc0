package throughline_test

import data.throughline

test_what_no_role_has_is_nobodys if {
	every capability in ["", "claim.read", "constructor"] {
		denied_by(admin({"capability": capability}), ["role"])
	}
}

test_a_role_that_nobody_knows_is_worth_nothing if denied_by(subject({"roles": ["boss", "constructor"]}), ["role"])

test_no_role_is_no_right if denied_by(subject({"roles": []}), ["role"])

test_one_role_of_several_is_enough if allowed(subject({"roles": ["executive", "boss", "analyst"]}))

test_platform_admin_counts_in_no_tenant if {
	suspending := object.union(ana, {"capability": "tenant.suspend", "subject": {"roles": ["platform-admin"]}})
	denied_by(suspending, ["role"])
	allowed(object.union(suspending, {"subject": {"internal": true}}))
}

test_scopes_hold_a_token_to_less_than_its_roles if {
	denied_by(subject({"scopes": []}), ["scope"])
	denied_by(subject({"scopes": ["episode.write", "claim"]}), ["scope"])
	allowed(subject({"scopes": ["claim.write"]}))
	denied_by(subject({"scopes": ["claim.write"], "roles": ["executive"]}), ["role"])
}

test_every_capability_that_governs_is_some_roles if {
	every capability in (throughline.governance | throughline.irreversible) | throughline.reads {
		some held in throughline.roles
		capability in held
	}
}
