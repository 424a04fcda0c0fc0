import { ulid } from "ulid";
import type { Caller } from "../../commands/caller.js";
import type { Command } from "../../commands/command.js";
import type { Executed } from "../../commands/execute.js";
import type { ProblemCode } from "../../commands/problem.js";
import { addressProblem } from "../../webhooks/reach.js";
import type { WebhookSettings } from "../../webhooks/settings.js";
import { isSecret, newSecret } from "../../webhooks/signing.js";
import type { Vault } from "../../webhooks/vault.js";
import { ownerOf } from "../../webhooks/webhook.query.js";
import { createWebhook, rotateWebhookSecret } from "./webhook.service.js";

/*
 * The two changes that make a secret. It is made here, sealed before it comes near a command, and answered once: not by a
 * retry of the same operation, whose stored result has none.
 */

/** What it takes; `Services` is one. */
export interface SecretOffice {
  readonly webhooks: WebhookSettings;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
}

type Given = Readonly<Record<string, unknown>>;
export type WithSecret<R> = Executed<R> & { readonly secret: string | null };

const refused = (given: Given, path: string, message: string): WithSecret<never> => {
  const code: ProblemCode = "BAD_INPUT";
  return { ok: false, problems: [{ code, path, message }], operationId: String(given.operationId), secret: null };
};

/** A secret that the other side made, or one of ours; null for a text that is none. */
function secretOf(given: Given): string | null {
  if (given.secret === undefined || given.secret === null) return newSecret();
  return typeof given.secret === "string" && isSecret(given.secret) ? given.secret : null;
}

/** A retry that gives another secret is no retry: nobody is to believe that this one counts now. */
const fingerprintOf = ({ secret }: Given, vault: Vault, owner: string): string | undefined =>
  typeof secret === "string" ? vault.fingerprint(secret, owner) : undefined;

const BAD_SECRET = "must be whsec_ and 24 to 64 bytes in base64";

/** Told by the one who made the change, not by a repetition of it. */
const answer = <R>(executed: Executed<R>, secret: string): WithSecret<R> => ({
  ...executed,
  secret: executed.ok && !executed.replayed ? secret : null,
});

/** Registers a webhook and answers its secret. `secret` may be given for one in, whose sender has made it. */
export async function addWebhook(
  { webhooks, execute }: SecretOffice,
  caller: Caller,
  input: Given,
): Promise<WithSecret<{ webhookId: string }>> {
  const problem = typeof input.url === "string" ? addressProblem(input.url, webhooks.reach) : null;
  if (problem !== null) return refused(input, "url", problem);
  const { secret: _given, ...told } = input;
  const secret = secretOf(input);
  if (secret === null) return refused(input, "secret", BAD_SECRET);
  const vault = await webhooks.vault();
  const id = ulid();
  const sealed = vault.seal(secret, ownerOf(caller.tenantId, id));
  const fingerprint = fingerprintOf(input, vault, caller.tenantId);
  return answer(await execute(createWebhook, caller, { ...told, id, sealed, fingerprint }), secret);
}

/** Gives a webhook a new secret and answers it. */
export async function renewSecret(
  { webhooks, execute }: SecretOffice,
  caller: Caller,
  input: Given & { readonly webhookId: string },
): Promise<WithSecret<{ webhookId: string }>> {
  const { secret: _given, ...told } = input;
  const secret = secretOf(input);
  if (secret === null) return refused(input, "secret", BAD_SECRET);
  const owner = ownerOf(caller.tenantId, input.webhookId.replace(/^Webhook:/, ""));
  const vault = await webhooks.vault();
  const sealed = vault.seal(secret, owner);
  const fingerprint = fingerprintOf(input, vault, owner);
  return answer(await execute(rotateWebhookSecret, caller, { ...told, sealed, fingerprint }), secret);
}
