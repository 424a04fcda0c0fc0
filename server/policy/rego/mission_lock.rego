package throughline

# Agents compute and propose. Whoever acts for one is its hand.
denied contains "mission-lock" if {
	agent_acts
	input.capability in (governance | irreversible)
}

agent_acts if input.subject.kind == "AGENT"

agent_acts if "agent" in input.subject.roles

agent_acts if {
	input.onBehalfOf != null
	"agent" in input.onBehalfOf.roles
}
