/** The kept view's address on this page; null when it is none of ours, so that a shared view leads nowhere else. */
export function addressOf(state: string): string | null {
  try {
    const kept: unknown = JSON.parse(state);
    const address = typeof kept === "object" && kept !== null && "address" in kept ? kept.address : null;
    return typeof address === "string" && /^\/(?:lineage\/|select\?)[^\\\s]*$/.test(address) ? address : null;
  } catch {
    return null;
  }
}
