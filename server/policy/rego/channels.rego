package throughline

# The channels that somebody is held to, once for each who acts.
held_channels contains input.subject.channels if input.subject.channels != null

held_channels contains input.onBehalfOf.channels if {
	input.onBehalfOf != null
	input.onBehalfOf.channels != null
}

denied contains "channel" if {
	some held in held_channels
	some channel in input.channels
	not channel in held
}

# What governs or can't be taken back and names no channel is about all of them.
denied contains "channel" if {
	count(held_channels) > 0
	count(input.channels) == 0
	input.capability in (governance | irreversible)
}
