package throughline_test

# Ana edits at Acme: she may state claims. Each test says what it changes.
ana := {
	"subject": {
		"actor": "ana", "kind": "HUMAN", "roles": ["editor"], "tenant": "acme", "region": "eu",
		"channels": null, "scopes": null, "internal": false,
	},
	"onBehalfOf": null,
	"capability": "claim.write",
	"tenant": {"id": "acme", "status": "ACTIVE", "allowedRegions": ["eu"]},
	"region": "eu",
	"channels": [],
	"switches": [],
	"exemptions": [],
	"irreversible": null,
	"auditLagMs": 0,
	"now": 1000,
}

subject(changes) := object.union(ana, {"subject": changes})

admin(changes) := object.union(object.union(ana, {"subject": {"roles": ["tenant-admin"]}}), changes)

# Ana publishes what Ben has approved.
publishing := object.union(ana, {
	"capability": "episode.publish",
	"channels": ["Channel:A"],
	"irreversible": {"proposer": "ana", "approvers": ["ben"], "gate": []},
})

publish(changes) := object.union(publishing, changes)

approved_by(approvers) := publish({"irreversible": {"approvers": approvers}})
