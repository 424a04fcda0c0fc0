/** What a command may ask to be allowed; one command, one capability. */
export const CAPABILITIES = [
  "evidence.write",
  "claim.write",
  "source.retract",
  "topic.write",
  "channel.write",
  "episode.write",
  "episode.publish",
  "incident.write",
  "decision.write",
  "import",
  "event.receive",
  "export",
  "view.write",
  "proposal.write",
  "proposal.decide",
  "switch.write",
  "exemption.write",
  "principal.write",
  "token.write",
  "webhook.write",
  "audit.read",
  "policy.test",
  "job.run",
  "run.start",
  "run.advance",
  "tenant.create",
  "tenant.suspend",
  "tenant.move",
  "tenant.export",
  "tenant.erase",
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What can't be taken back: only an approved proposal carries it out. */
export const IRREVERSIBLE: readonly Capability[] = [
  "episode.publish",
  "source.retract",
  "exemption.write",
  "tenant.erase",
];

/** What decides who may do what: agents never have it, whatever their roles. */
export const GOVERNANCE: readonly Capability[] = [
  "proposal.decide",
  "switch.write",
  "exemption.write",
  "principal.write",
  "token.write",
  "tenant.create",
  "tenant.suspend",
  "tenant.move",
  "tenant.erase",
];
