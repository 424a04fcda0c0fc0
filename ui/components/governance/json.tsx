function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** JSON for people; what can't be parsed stays as it came. */
export function Json({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    // Long ones scroll, and what scrolls must be reached by key.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="json" aria-label={name} role="region" tabIndex={0}>
      {laidOut(text)}
    </pre>
  );
}
