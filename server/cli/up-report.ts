import { z } from "zod";
import { print, say } from "./output.js";
import type { SignInLinks } from "./sign-in.js";

/** How long a sign-in link is good for. A second `up` prints new ones. */
export const LINK_HOURS = 12;

/** What `up` tells its user, or the `up --detach` that waits for it. */
export const messageShape = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), text: z.string() }),
  z.object({
    type: z.literal("ready"),
    url: z.string(),
    signIn: z
      .object({ tenantId: z.string(), links: z.array(z.object({ role: z.string(), link: z.string() })) })
      .optional(),
  }),
  z.object({ type: z.literal("failed"), text: z.string(), exitCode: z.number() }),
]);
export type UpMessage = z.infer<typeof messageShape>;

export interface UpReport {
  progress(text: string): void;
  ready(url: string, signIn: SignInLinks | undefined): Promise<void>;
}

/** At a terminal: messages to standard error, the result to standard output. */
export const terminalReport: UpReport = {
  progress: say,
  ready: async (url, signIn) => {
    printReady(url, signIn);
    say("ready; Ctrl-C stops it");
  },
};

/** To the process that waits for us. It may be gone: then nobody needs to know. Links never go to the log. */
export const parentReport: UpReport = {
  progress: (text) => {
    say(text);
    void toParent({ type: "progress", text });
  },
  ready: async (url, signIn) => {
    say(`ready at ${url}`);
    await toParent({
      type: "ready",
      url,
      ...(signIn === undefined ? {} : { signIn: { tenantId: signIn.tenantId, links: [...signIn.links] } }),
    });
  },
};

export function toParent(message: UpMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

export function printReady(
  url: string,
  signIn: { tenantId: string; links: readonly { role: string; link: string }[] } | undefined,
): void {
  print(`Throughline is at ${url}`);
  if (signIn === undefined) return;
  print(`\nSign in to tenant ${signIn.tenantId} (each link is good for ${LINK_HOURS} hours; keep them to yourself):`);
  const width = Math.max(...signIn.links.map(({ role }) => role.length));
  for (const { role, link } of signIn.links) print(`  ${role.padEnd(width)}  ${link}`);
}
