package throughline

# Whoever acts for another has the rights of both, that is of the one who has fewer.
denied contains "delegation" if {
	input.onBehalfOf != null
	not other_may
}

# Nobody governs through another: who proposes could approve by way of who acts for them.
denied contains "delegation" if {
	input.onBehalfOf != null
	input.capability in governance
}

# Names are a tenant's own: a namesake in the tenant that is acted on is somebody else.
denied contains "delegation" if {
	input.onBehalfOf != null
	input.subject.tenant != input.tenant.id
}

other_may if may({role | some role in input.onBehalfOf.roles; role != "platform-admin"}, input.capability)

other_may if {
	input.tenant.id == "system"
	may(input.onBehalfOf.roles, input.capability)
}
