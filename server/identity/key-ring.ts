import { Rotating, type RotatingOptions } from "../secrets/rotating.js";
import type { KeyPlaces } from "../secrets/home-keys.js";
import { parseKeys, readKeyTexts, type Keys } from "./keys.js";

/** The keys of tokens, sessions, links and bookmarks, as they are now. */
export type KeyRing = Rotating<Keys>;

export const openKeyRing = ({
  changed,
  failed,
  ...places
}: KeyPlaces & Pick<RotatingOptions<Keys>, "changed" | "failed">): Promise<KeyRing> =>
  Rotating.open({ read: () => readKeyTexts(places), parse: parseKeys, changed, failed });
