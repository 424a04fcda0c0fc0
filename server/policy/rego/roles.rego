package throughline

content := {"evidence.write", "claim.write", "episode.write", "import", "proposal.write"}

# The whole of what a role may do. What isn't here nobody may.
roles := {
	"platform-admin": {
		"tenant.create", "tenant.suspend", "tenant.move", "tenant.export", "tenant.erase", "principal.write",
		"proposal.write", "proposal.decide", "switch.write", "audit.read", "policy.test", "job.run", "run.advance",
	},
	"tenant-admin": (content | {
		"topic.write", "channel.write", "episode.publish", "source.retract", "incident.write", "decision.write",
		"event.receive", "export", "view.write", "proposal.decide", "switch.write", "exemption.write", "principal.write", "token.write", "webhook.write",
		"audit.read", "policy.test", "job.run", "run.start", "tenant.export", "tenant.erase",
	}),
	"editor": (content | {"topic.write", "episode.publish", "source.retract", "decision.write", "export", "view.write", "run.start"}),
	"analyst": {
		"evidence.write", "claim.write", "source.retract", "import", "export", "view.write", "proposal.write",
	},
	"planner": {"topic.write", "export", "view.write", "proposal.write", "run.start"},
	"executive": {"export", "view.write"},
	"operator": {
		"incident.write", "import", "event.receive", "switch.write", "webhook.write", "job.run", "run.start", "policy.test",
		"audit.read", "view.write",
	},
	"approver": {"decision.write", "view.write", "proposal.decide"},
	"auditor": {"audit.read", "policy.test", "export", "view.write"},
	"agent": (content | {"event.receive"}),
}

# What can't be taken back: only an approved proposal carries it out.
irreversible := {"episode.publish", "source.retract", "exemption.write", "tenant.erase"}

# What decides who may do what.
governance := {
	"proposal.decide", "switch.write", "exemption.write", "principal.write", "token.write", "tenant.create",
	"tenant.suspend", "tenant.move", "tenant.erase",
}

# Reads, which stop nothing and change nothing.
reads := {"audit.read", "policy.test"}

denied contains "role" if not may(held_roles, input.capability)

may(held, capability) if {
	some role in held
	capability in roles[role]
}

# The platform's own role is worth something to the platform's own people and to this process; no tenant can give it away.
held_roles contains role if {
	some role in input.subject.roles
	role != "platform-admin"
}

held_roles contains "platform-admin" if {
	"platform-admin" in input.subject.roles
	of_the_platform
}

of_the_platform if input.subject.internal

of_the_platform if input.subject.tenant == "system"

denied contains "scope" if {
	input.subject.scopes != null
	not input.capability in input.subject.scopes
}
