import { Button, Code, List, Text, Title } from "@mantine/core";
import { useSearchParams } from "wouter";
import { useTitle } from "../../components/use-title.js";
import { ProviderSignIn } from "./provider-sign-in.js";
import { reasonOf } from "./reason.js";

/** Explains where sign-in links come from, and why the last one didn't work. There is nothing to type here: the link is the sign-in. */
export function SignInPage({ signedIn }: { readonly signedIn: boolean }) {
  useTitle("Sign in");
  const [params] = useSearchParams();
  const reason = reasonOf(params.get("reason"));
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <svg viewBox="0 0 32 32" width="44" height="44" aria-hidden="true">
          <path d="M6 9h7c7 0 6 14 13 14" fill="none" stroke="var(--line)" strokeWidth="3" strokeLinecap="round" />
          <circle cx="6" cy="9" r="4" fill="var(--accent)" />
          <circle cx="26" cy="23" r="4" fill="var(--accent)" />
        </svg>
        <Title order={1} size="h2">
          {signedIn ? "You are signed in" : "Sign in to Throughline"}
        </Title>
        {reason !== null && (
          <div className="notice" data-tone={reason.tone} role="alert">
            <strong>{reason.title}</strong> {reason.remedy}
          </div>
        )}
        {signedIn && (
          <Button component="a" href="/">
            Go to the studio
          </Button>
        )}
        <ProviderSignIn />
        <Text>
          {signedIn ? "To come in with another role, use another link." : "You sign in with a link."} Whoever runs this
          installation gets one per role from the terminal, and can make more.
        </Text>
        <List size="sm" spacing="xs">
          <List.Item>
            <Code>./throughline up</Code> prints a sign-in link for each role when it is ready. Open one in this
            browser.
          </List.Item>
          <List.Item>
            Already running? <Code>./throughline status</Code> tells the address; run <Code>./throughline up</Code>{" "}
            again for new links.
          </List.Item>
          <List.Item>Not yours to run? Ask the person who does for a link with your role.</List.Item>
        </List>
      </div>
    </main>
  );
}
