/** The log isn't the one that was sealed. Nothing more is signed until somebody has looked: `audit verify` says where. */
export class AuditTampered extends Error {
  constructor(
    readonly tenantId: string,
    what: string,
  ) {
    super(`the audit log of ${tenantId} isn't what was sealed: ${what}`);
    this.name = "AuditTampered";
  }
}
