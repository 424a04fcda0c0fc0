package throughline

# Distinct approvers that it needs beside whoever proposes it.
default approvals := 0

approvals := 1 if {
	input.capability in irreversible
	not exempt("approval")
}

# Without a proposal there is nothing that could have been approved.
denied contains "approval" if {
	input.capability in irreversible
	input.irreversible == null
}

denied contains "approval" if {
	input.capability in irreversible
	input.irreversible != null
	count(others) < approvals
}

# Nobody is their own second pair of eyes: not who proposed, not who acts, not whom they act for.
others := {approver |
	some approver in input.irreversible.approvers
	name(approver)
	not approver in own
}

own contains input.irreversible.proposer

own contains input.subject.actor

own contains input.onBehalfOf.actor

denied contains "audit-lag" if {
	input.capability in irreversible
	input.auditLagMs > 60000
}
