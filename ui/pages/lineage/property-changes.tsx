interface Change {
  readonly name: string;
  readonly before?: string | null;
  readonly after?: string | null;
  readonly cut: boolean;
}

/** Names as they are stored, in words: `recheckBy` reads `recheck by`. */
export const spelled = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const said = (value: string) => (isInstant.test(value) ? new Date(value).toLocaleString("en-GB") : value);

/** Each property before and after. */
export function PropertyChanges({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <dl className="property-changes">
      {changes.map(({ name, before, after, cut }) => (
        <div key={name}>
          <dt>{spelled(name)}</dt>
          <dd>
            {before == null ? null : <del>{said(before)}</del>}
            {before != null && after != null ? " → " : null}
            {after == null ? null : <ins>{said(after)}</ins>}
            {cut && " (shortened here)"}
          </dd>
        </div>
      ))}
    </dl>
  );
}
