import { z } from "zod";
import { PRINCIPAL_KINDS, ROLES, type Role } from "../../../graph-schema/nodes/principal.js";
import { RESERVED_ACTORS } from "../../commands/caller.js";
import { defineCommand, type CommandContext, type Outcome } from "../../commands/command.js";
import { text } from "../../commands/input.js";
import { lockMerged } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { SYSTEM_TENANT, type Graph } from "../../graph/graph.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { readPrincipal } from "./principal.repository.js";
import { checkReach, checkRoles, keepAnAdmin } from "./roles.js";

/** Principals that this process makes for itself: of sign-in links and of the command line. */
const OWN_KEY = /^(link|cli)\./i;

export const principalInput = z.object({
  /** The login or service name; an e-mail address is told apart without regard to case. */
  key: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._+@|:-]{1,127}$/,
      "must be 2 to 128 of letters, digits and . _ + @ | : - , beginning with a letter or digit",
    )
    .refine((key) => !RESERVED_ACTORS.includes(key.toLowerCase()), "is reserved")
    .transform((key) => (key.includes("@") ? key.toLowerCase() : key)),
  name: text(200),
  kind: z.enum(PRINCIPAL_KINDS),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
});
type PrincipalInput = z.infer<typeof principalInput>;

/** Registers somebody or something that acts in the tenant, or gives them the name, kind and roles said. */
export const registerPrincipal = defineCommand({
  name: "registerPrincipal",
  capability: "principal.write",
  input: principalInput,
  async run(context, input) {
    const { caller } = context;
    if (caller.internal === undefined && OWN_KEY.test(input.key))
      throw refuse("BAD_INPUT", "key", "begins like the principals that the installation makes for itself");
    checkRoles(caller, input.kind, input.roles, "roles");
    // Whoever is registered answers for all channels at first.
    await checkReach(context.tx, caller, null, "");
    return register(context, input);
  },
});

/** Registers one of the platform's own people: only this process does, for whoever is at the machine. */
export const registerPlatformPrincipal = defineCommand({
  name: "registerPlatformPrincipal",
  capability: "principal.write",
  input: principalInput.omit({ roles: true }).extend({ region: text(40) }),
  // The platform's tenant has no node, so no region is allowed or denied by it.
  allowedRegions: ({ region }) => [region],
  async run(context, { key, name, kind }) {
    if (context.tx.tenantId !== SYSTEM_TENANT || context.caller.internal === undefined)
      throw refuse("FORBIDDEN", "", "Only the installation itself registers the platform's people.");
    return register(context, { key, name, kind, roles: ["platform-admin"] });
  },
});

async function register(
  { tx, operationId, newId }: CommandContext,
  { key, name, kind, roles }: PrincipalInput,
): Promise<Outcome<{ principalId: string }>> {
  const before = (await lock(tx, [{ label: "Tenant", id: tx.tenantId }])).at;
  const wanted = { title: name, kind, roles };
  const merged = await mergeNode(tx, { label: "Principal", id: newId() }, key, wanted, { at: before, operationId });
  const at = await lockMerged(tx, "Principal", merged, before);
  if (!merged.created) {
    const present = (await presentNode(tx, "Principal", merged.id))!;
    await keepAnAdmin(tx, present, wanted, "roles");
    await reviseNode(tx, present, wanted, newId(), { at, operationId });
  }
  const id = `Principal:${merged.id}`;
  return {
    result: { principalId: id },
    at,
    events: [{ type: "principal.registered", subject: id, data: { roles } }],
  };
}

/** The person who has this key in the tenant, with the roles that they have here now; null for anybody else. */
export async function findPerson(
  graph: Graph,
  { key, tenantId }: { readonly key: string; readonly tenantId: string },
  region: string,
): Promise<{ actor: string; name: string; tenantId: string; roles: readonly Role[] } | null> {
  // What the installation made for itself is nobody's to sign in as, whatever a provider calls its users.
  if (OWN_KEY.test(key) || RESERVED_ACTORS.includes(key.toLowerCase())) return null;
  const found = await readPrincipal(graph, tenantId, key);
  if (found === undefined || found.kind !== "HUMAN" || found.roles.length === 0) return null;
  const served = tenantId === SYSTEM_TENANT || found.allowedRegions?.includes(region) === true;
  return served ? { actor: key, name: found.name, tenantId, roles: found.roles } : null;
}
