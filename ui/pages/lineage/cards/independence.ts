interface Grouped {
  readonly fact: {
    readonly snapshot?: { readonly source?: { readonly id: string; readonly independenceGroup: string } | null } | null;
  };
}

/** How many independent sources these facts come from: sources of one group count once, a fact without a source counts for none. */
export function independentSources(evidence: readonly Grouped[]): number {
  return new Set(evidence.flatMap(({ fact }) => fact.snapshot?.source?.independenceGroup ?? [])).size;
}
