import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";

/** Whether this installation has an OpenID Connect provider; without an answer there is only the link. */
function useProvider(): boolean {
  const [known, setKnown] = useState(false);
  useEffect(() => {
    const leaving = new AbortController();
    fetch("/sign-in/ways", { credentials: "same-origin", signal: leaving.signal })
      .then((answer) => answer.json())
      .then((ways: unknown) => setKnown((ways as { oidc?: unknown } | null)?.oidc === true))
      .catch(() => undefined);
    return () => leaving.abort();
  }, []);
  return known;
}

/** The way in through one's organisation, where there is one; to the studio that the address names. */
export function ProviderSignIn() {
  const offered = useProvider();
  const [params] = useSearchParams();
  const tenant = params.get("tenant");
  if (!offered) return null;
  const to = tenant === null ? "/oidc/sign-in" : `/oidc/sign-in?tenant=${encodeURIComponent(tenant)}`;
  return (
    <Button component="a" href={to} variant="filled">
      Sign in with your organisation
    </Button>
  );
}
