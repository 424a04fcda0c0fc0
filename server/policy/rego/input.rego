package throughline

# Whether the question is whole: each field is there and of its type. An operand that is missing makes a comparison
# undefined, and a rule that compares it then wouldn't deny; behind this no operand is.
whole_input if {
	whole_subject(input.subject)
	whole_other(input.onBehalfOf)
	is_string(input.capability)
	null_or_text(input.tenant.id)
	input.tenant.status in {null, "ACTIVE", "SUSPENDED"}
	texts(input.tenant.allowedRegions)
	name(input.region)
	texts(input.channels)
	list(input.switches)
	every one in input.switches { whole_switch(one) }
	list(input.exemptions)
	every one in input.exemptions { whole_exemption(one) }
	whole_irreversible(input.irreversible)
	is_number(input.auditLagMs)
	is_number(input.now)
}

whole_subject(subject) if {
	name(subject.actor)
	subject.kind in {null, "HUMAN", "AGENT", "SERVICE"}
	texts(subject.roles)
	null_or_text(subject.tenant)
	null_or_text(subject.region)
	null_or_texts(subject.channels)
	null_or_texts(subject.scopes)
	is_boolean(subject.internal)
}

whole_other(null)

whole_other(other) if {
	name(other.actor)
	texts(other.roles)
	null_or_texts(other.channels)
}

whole_switch(one) if {
	one.scope in {"TENANT", "CHANNEL", "CAPABILITY"}
	null_or_text(one.target)
	null_or_number(one.expiresAt)
}

whole_exemption(one) if {
	is_string(one.rule)
	null_or_text(one.channelId)
	is_number(one.expiresAt)
}

whole_irreversible(null)

whole_irreversible(act) if {
	name(act.proposer)
	texts(act.approvers)
	texts(act.gate)
}

name(value) if {
	is_string(value)
	value != ""
}

list(value) if is_array(value)

texts(value) if {
	list(value)
	every one in value { is_string(one) }
}

null_or_text(null)

null_or_text(value) if is_string(value)

null_or_texts(null)

null_or_texts(value) if texts(value)

null_or_number(null)

null_or_number(value) if is_number(value)
