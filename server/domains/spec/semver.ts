import { z } from "zod";

/** `major.minor.patch`, without leading zeros. */
export const semver = z
  .string()
  .regex(
    /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/,
    "must be a semantic version such as 1.2.0: three whole numbers",
  );

/** Below 0 when `a` is the lower one. */
export function compareSemver(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number));
  const at = left!.findIndex((part, i) => part !== right![i]);
  return at === -1 ? 0 : left![at]! - right![at]!;
}

/** The versions that may follow: one more patch, minor or major. */
export function followers(of: string): readonly [patch: string, minor: string, major: string] {
  const [major, minor, patch] = of.split(".").map(Number) as [number, number, number];
  return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
}
