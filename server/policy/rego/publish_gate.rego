package throughline

denied contains "publish-gate" if {
	input.capability in irreversible
	input.irreversible != null
	count(input.irreversible.gate) > 0
	not exempt("publish-gate")
}
