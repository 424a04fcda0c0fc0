interface Reason {
  readonly title: string;
  readonly remedy: string;
  readonly tone: "warn" | "info";
}

const REASONS: Readonly<Record<string, Reason>> = {
  expired: {
    title: "This sign-in link has expired.",
    remedy:
      "Links work for a short time only, so that an old one is worth nothing to whoever finds it. Get a new one as below.",
    tone: "warn",
  },
  "signed-out": {
    title: "You are signed out.",
    remedy: "Nothing of the studio is kept in this browser.",
    tone: "info",
  },
};
const BROKEN: Reason = {
  title: "This sign-in link doesn't work.",
  remedy:
    "It may have been cut when it was copied, or it was made by another installation. Copy the whole line again, or get a new link.",
  tone: "warn",
};

/** Why the reader was sent here, from the server's `problem` in the address; null when nothing went wrong. */
export function reasonOf(problem: string | null): Reason | null {
  if (problem === null || problem === "") return null;
  return REASONS[problem] ?? BROKEN;
}
