package throughline

# A switch must never keep itself from being lifted.
denied contains "kill-switch" if {
	input.capability != "switch.write"
	some one in input.switches
	is_on(one)
	stops(one)
}

is_on(one) if one.expiresAt == null

is_on(one) if {
	one.expiresAt != null
	one.expiresAt > input.now
}

# Whoever has pulled the brake must still see what happened, and may close the tenant altogether; and one that is restored with
# its brake on comes back with it on.
stops(one) if {
	one.scope == "TENANT"
	not spared
}

stops(one) if {
	one.scope == "CHANNEL"
	one.target in input.channels
}

stops(one) if {
	one.scope == "CAPABILITY"
	one.target == input.capability
}

# What names no target stops all that it could have meant.
stops(one) if {
	one.scope in {"CHANNEL", "CAPABILITY"}
	one.target == null
	not spared
}

spared if input.capability in (reads | {"tenant.suspend", "tenant.create"})
