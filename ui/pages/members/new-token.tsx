import { Button, CopyButton } from "@mantine/core";

/** The only time that a token's text is seen: it is kept nowhere, not even here once the page is left. */
export function NewToken({ token, done }: { readonly token: string; done(): void }) {
  return (
    <div className="notice" data-tone="info" role="alert">
      <strong>Copy it now: it isn't shown again.</strong> Whoever has it may do what it may.
      <div className="secret">
        <code data-testid="token">{token}</code>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button size="xs" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="default" onClick={done}>
          Done
        </Button>
      </div>
    </div>
  );
}
