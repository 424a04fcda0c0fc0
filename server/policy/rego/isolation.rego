package throughline

# What the platform's own people may do to a tenant that isn't theirs.
platform_acts := {
	"tenant.create", "tenant.suspend", "tenant.move", "tenant.export", "tenant.erase", "principal.write",
	"proposal.write", "proposal.decide", "switch.write",
}

# What a suspended tenant still takes: its way out, and reads.
open_while_suspended := {
	"tenant.suspend", "tenant.move", "tenant.export", "tenant.erase", "proposal.write", "proposal.decide",
} | reads

denied contains "tenant-isolation" if not in_reach

denied contains "tenant-isolation" if not tenant_is_there

in_reach if {
	name(input.tenant.id)
	input.subject.tenant == input.tenant.id
}

in_reach if {
	name(input.tenant.id)
	input.subject.tenant == "system"
	"platform-admin" in input.subject.roles
	input.capability in platform_acts
}

tenant_is_there if input.tenant.status != null

tenant_is_there if input.capability == "tenant.create"

# The platform's own ledger is no studio's: it has neither a status nor regions.
tenant_is_there if input.tenant.id == "system"

denied contains "tenant-suspended" if {
	input.tenant.status == "SUSPENDED"
	not input.capability in open_while_suspended
}
