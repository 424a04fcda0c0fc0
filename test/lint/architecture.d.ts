/** Of architecture.js, for tests. */
type Layer = readonly [name: string, patterns: readonly RegExp[], may?: readonly string[]];
export const ARROW: readonly Layer[];
export const ASIDE: readonly Layer[];
