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
