import { Arg, Args, Ctx, Query, Resolver } from "type-graphql";
import { verifyTenant } from "../../audit/verify.js";
import { DomainError } from "../../errors.js";
import type { Context } from "../../graphql/context.js";
import { formatCursor, parseCursor } from "../../graphql/cursor.js";
import { instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { permitted } from "../../graphql/permitted.js";
import {
  countAuditEntries,
  readAuditEntries,
  type AuditEntryRow,
  type AuditFilter,
  type AuditQuestion,
} from "./audit-entries.query.js";
import { AuditEntry, AuditEntryFilter, AuditVerification } from "./audit-entries.type.js";

const { connection: AuditEntryConnection } = connectionTypes("AuditEntry", () => AuditEntry);

/** One reading of a tenant's whole log at a time: whoever asks meanwhile gets its answer. */
const underWay = new Map<string, Promise<AuditVerification>>();

@Resolver(() => AuditEntry)
export class AuditEntriesResolver {
  @Query(() => AuditEntryConnection, {
    description: "What was asked of this tenant and what became of it, newest first.",
  })
  async auditEntries(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => AuditEntryFilter, { nullable: true, description: "Which ones." })
    given?: AuditEntryFilter | null,
  ): Promise<Connection<AuditEntryRow>> {
    await permitted(context, "audit.read");
    const first = within("first", page.first, LIMITS.first);
    const { from = null, to = null, ...rest } = given ?? {};
    const filter: AuditFilter = {
      actor: rest.actor ?? null,
      capability: rest.capability ?? null,
      outcome: rest.outcome ?? null,
      operationId: rest.operationId ?? null,
      text: rest.text || null,
    };
    const asked = ["auditEntries", filter, from, to];
    const cursor = page.after ? parseCursor(page.after, asked, page.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
    const question: AuditQuestion = {
      filter,
      from: from ?? 0,
      to: Math.min(to ?? asOf, asOf),
      after: cursor === null ? null : positionOf(String(cursor.position)),
      first,
    };
    const { graph } = context.services;
    const { rows, more } = await readAuditEntries(graph, context.scope, question);
    const edges = rows.map((node) => ({
      cursor: formatCursor({ asOf, position: `${node.at}/${node.id}` }, asked),
      node,
    }));
    let counted: ReturnType<typeof countAuditEntries> | undefined;
    return {
      edges,
      pageInfo: pageInfo(edges, more, page.after),
      asOf,
      count: () => (counted ??= countAuditEntries(graph, context.scope, question)),
    };
  }

  @Query(() => AuditVerification, {
    description:
      "Reads this tenant's whole log and holds it against the checkpoint outside the database: some ten seconds for 100,000 entries.",
  })
  async verifyAudit(@Ctx() context: Context): Promise<AuditVerification> {
    await permitted(context, "audit.read");
    const { tenantId } = context.scope;
    const reading = underWay.get(tenantId) ?? verify(context, tenantId).finally(() => underWay.delete(tenantId));
    underWay.set(tenantId, reading);
    return reading;
  }
}

async function verify({ services }: Context, tenantId: string): Promise<AuditVerification> {
  const office = services.audit;
  if (office === undefined)
    throw new DomainError("UNAVAILABLE", "This process has no audit key, so it can't verify anything.");
  const kept = await office.checkpoints.read(tenantId);
  const outside = { publicKey: office.signer.publicKey, trusted: office.trusted, note: kept?.note ?? null };
  return { ...(await verifyTenant(services.graph, tenantId, outside)), anchoredAt: kept?.at ?? null };
}

function positionOf(text: string): { at: number; id: string } {
  const [at = "", id = ""] = text.split("/");
  return { at: Number(at), id };
}
