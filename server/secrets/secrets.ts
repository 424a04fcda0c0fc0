/*
 * Secrets come from outside the graph: from a folder that the platform mounts, from the environment, or from what this
 * installation made for itself. Whoever needs one asks for it each time, so that a rotation needs no restart.
 */

/**
 * Where secrets are kept. Another manager is another implementation of this one method: it answers what holds now, as
 * often as it is asked, and throws when it can't tell (null is for a secret that isn't there).
 */
export interface SecretsProvider {
  get(name: string): Promise<string | null>;
}

/** What a secret may be called: one path segment that can't leave its folder. */
const NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/;

/** The name, if it is one. A wrong one is our own mistake. */
export function secretName(name: string): string {
  if (!NAME.test(name)) throw new Error("that isn't the name of a secret");
  return name;
}

/** What was said when the process began: never changes under it. */
export const givenSecrets = (values: Readonly<Record<string, string | undefined>>): SecretsProvider => ({
  get: async (name) => values[secretName(name)] ?? null,
});

/** The first of several that has it. One that fails isn't passed over: an older value elsewhere must not take its place. */
export const firstOf = (...providers: readonly SecretsProvider[]): SecretsProvider => ({
  async get(name) {
    for (const provider of providers) {
      const value = await provider.get(name);
      if (value !== null) return value;
    }
    return null;
  },
});
