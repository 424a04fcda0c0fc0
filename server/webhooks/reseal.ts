import type { Caller } from "../commands/caller.js";
import type { Command } from "../commands/command.js";
import type { Executed } from "../commands/execute.js";
import type { Graph } from "../graph/graph.js";
import { courier } from "./courier.js";
import { resealWebhook } from "./reseal.command.js";
import type { WebhookSettings } from "./settings.js";
import type { Vault } from "./vault.js";
import { ownerOf, sealedOtherwise, type StoredWebhook } from "./webhook.query.js";

/** What it takes; `Services` is one. */
export interface SealOffice {
  readonly graph: Graph;
  readonly webhooks: WebhookSettings;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
}

interface Waiting {
  readonly webhook: StoredWebhook;
  /** Its secrets that can be opened and aren't under the present key. */
  readonly texts: readonly string[];
}

/** Secrets that no key here opens are left out: nothing can be done about them here. */
async function waiting(graph: Graph, tenantId: string, vault: Vault): Promise<Waiting[]> {
  const opens = ({ id }: StoredWebhook, text: string) => {
    try {
      vault.open(text, ownerOf(tenantId, id));
      return true;
    } catch {
      return false;
    }
  };
  const found = await graph.read({ tenantId }, sealedOtherwise, { mark: vault.mark });
  return found
    .map(({ webhook }) => {
      const { secret, previousSecret } = webhook;
      const texts = [secret, previousSecret].filter((text) => text !== null && !text.startsWith(vault.mark));
      return { webhook, texts: texts.filter((text) => text !== null && opens(webhook, text)) as string[] };
    })
    .filter(({ texts }) => texts.length > 0);
}

/** Webhooks of the tenant with secrets under the key of before the rotation. */
export async function countToReseal({ graph, webhooks }: SealOffice, tenantId: string): Promise<number> {
  return (await waiting(graph, tenantId, await webhooks.vault())).length;
}

/** Seals anew what the key of before sealed, so that it can go; answers how each webhook fared. */
export async function reseal(
  { graph, webhooks, execute }: SealOffice,
  tenantId: string,
  operationId: (webhook: string) => string,
): Promise<Executed<unknown>[]> {
  const vault = await webhooks.vault();
  const done: Executed<unknown>[] = [];
  for (const { webhook, texts } of await waiting(graph, tenantId, vault)) {
    const owner = ownerOf(tenantId, webhook.id);
    const seals = texts.map((was) => ({ was, is: vault.seal(vault.open(was, owner), owner) }));
    const head = { operationId: operationId(webhook.id), reason: "the key of webhooks' secrets was rotated" };
    const input = { ...head, webhookId: `Webhook:${webhook.id}`, seals };
    done.push(await execute(resealWebhook, courier(tenantId), input));
  }
  return done;
}
