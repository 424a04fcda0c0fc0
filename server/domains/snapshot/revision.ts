/** Whether one revision of a source is newer than another; null when their names don't tell. */
export function isNewerRevision(one: string | null, other: string | null): boolean | null {
  if (one === null || other === null || one === other) return null;
  if (!/^\d{1,18}$/.test(one) || !/^\d{1,18}$/.test(other)) return null;
  return BigInt(one) > BigInt(other);
}
