package throughline_test

for_platform(capability) := object.union(
	subject({"actor": "pat", "tenant": "system", "roles": ["platform-admin"]}),
	{"capability": capability},
)

test_another_tenants_is_out_of_reach if denied_by(subject({"tenant": "other"}), ["tenant-isolation"])

test_a_tenant_that_is_nothing_is_nobodys if {
	every nothing in [null, ""] {
		denied_by(subject({"tenant": nothing}), ["tenant-isolation"])
		denied_by(object.union(ana, {"tenant": {"id": nothing}}), ["tenant-isolation"])
		denied_by(object.union(ana, {"subject": {"tenant": nothing}, "tenant": {"id": nothing}}), ["tenant-isolation"])
		denied_by(object.union(for_platform("tenant.suspend"), {"tenant": {"id": nothing}}), ["tenant-isolation"])
	}
}

test_names_are_compared_letter_by_letter if {
	every other in ["Acme", "acme ", "ａｃｍｅ"] { denied_by(subject({"tenant": other}), ["tenant-isolation"]) }
}

test_the_platforms_own_people_do_what_is_theirs if {
	allowed(for_platform("tenant.suspend"))
	allowed(for_platform("tenant.move"))
	denied_by(object.union(for_platform("tenant.move"), {"region": "us", "subject": {"region": "us"}}), ["residency"])
	denied_by(admin({"capability": "tenant.move"}), ["role"])
	allowed(for_platform("principal.write"))
	denied_by(for_platform("audit.read"), ["tenant-isolation"])
	denied_by(for_platform("claim.write"), ["role", "tenant-isolation"])
	denied_by(object.union(for_platform("tenant.suspend"), {"subject": {"tenant": "other"}}), [
		"role",
		"tenant-isolation",
	])
}

test_a_tenant_that_is_not_there_can_only_be_made if {
	denied_by(object.union(ana, {"tenant": {"status": null}}), ["tenant-isolation"])
	allowed(object.union(for_platform("tenant.create"), {"tenant": {"status": null}}))
}

test_the_platforms_ledger_has_no_status_and_no_region if {
	allowed(object.union(for_platform("audit.read"), {"tenant": {"id": "system", "status": null, "allowedRegions": []}}))
}

test_a_suspended_tenant_takes_its_way_out_and_reads if {
	suspended := {"tenant": {"status": "SUSPENDED"}}
	denied_by(object.union(ana, suspended), ["tenant-suspended"])
	denied_by(object.union(admin({"capability": "switch.write"}), suspended), ["tenant-suspended"])
	allowed(object.union(admin({"capability": "audit.read"}), suspended))
	allowed(object.union(admin({"capability": "tenant.export"}), suspended))
	allowed(object.union(for_platform("tenant.suspend"), suspended))
	allowed(object.union(for_platform("tenant.move"), suspended))
}
