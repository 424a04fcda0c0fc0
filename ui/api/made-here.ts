/** Operations that this page gave: whoever gives one asks again by itself for what it changed. */
export const madeHere = new Set<string>();
