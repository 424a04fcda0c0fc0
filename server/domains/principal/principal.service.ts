import { z } from "zod";
import { PRINCIPAL_KINDS, ROLES } from "../../../graph-schema/nodes/principal.js";
import { RESERVED_ACTORS } from "../../commands/caller.js";
import { defineCommand } from "../../commands/command.js";
import { text } from "../../commands/input.js";
import { lockMerged } from "../../commands/locking.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";

export const principalInput = z.object({
  /** The login or service name. */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{1,63}$/, "must be 2 to 64 of a-z, 0-9, dot and hyphen, beginning with a letter")
    .refine((key) => !RESERVED_ACTORS.includes(key), "is reserved"),
  name: text(200),
  kind: z.enum(PRINCIPAL_KINDS),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
});

/** Registers somebody or something that acts in the tenant, or gives them the name, kind and roles said. */
export const registerPrincipal = defineCommand({
  name: "registerPrincipal",
  capability: "principal.write",
  input: principalInput,
  async run({ tx, operationId, newId }, { key, name, kind, roles }) {
    const before = (await lock(tx, [])).at;
    const wanted = { title: name, kind, roles };
    const merged = await mergeNode(tx, { label: "Principal", id: newId() }, key, wanted, { at: before, operationId });
    const at = await lockMerged(tx, "Principal", merged, before);
    if (!merged.created)
      await reviseNode(tx, (await presentNode(tx, "Principal", merged.id))!, wanted, newId(), { at, operationId });
    const id = `Principal:${merged.id}`;
    return {
      result: { principalId: id },
      at,
      events: [{ type: "principal.registered", subject: id, data: { roles } }],
    };
  },
});
