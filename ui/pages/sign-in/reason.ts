interface Reason {
  readonly title: string;
  readonly remedy: string;
  readonly tone: "warn" | "info";
}

const REASONS: Readonly<Record<string, Reason>> = {
  "sign-out": {
    title: "You are signed out.",
    remedy: "Nothing of the studio is kept in this browser.",
    tone: "info",
  },
  provider: {
    title: "Your organisation's sign-in didn't come through.",
    remedy: "It took too long, it was begun in another browser, or the provider can't be reached just now. Try again.",
    tone: "warn",
  },
  stranger: {
    title: "You aren't a member here.",
    remedy: "Ask an administrator of the studio to register you under the name that your organisation knows you by.",
    tone: "warn",
  },
  expired: {
    title: "This sign-in link has expired.",
    remedy:
      "Links are good for a limited time, so that an old one is worth nothing to whoever finds it. Get a new one as below.",
    tone: "warn",
  },
};
const BROKEN: Reason = {
  title: "This sign-in link doesn't work.",
  remedy:
    "It was cut when it was copied, or another installation made it. Copy the whole line again, or get a new link as below.",
  tone: "warn",
};

/** Why the reader was sent here, from the server's `reason` in the address; null when nothing went wrong. */
export function reasonOf(reason: string | null): Reason | null {
  if (reason === null || reason === "") return null;
  return REASONS[reason] ?? BROKEN;
}
