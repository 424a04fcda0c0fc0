import { Button, Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Problem, ProblemKind } from "../api/problem.js";

interface Explanation {
  readonly title: string;
  readonly remedy: string;
}

const EXPLANATIONS: Record<ProblemKind, Explanation> = {
  "signed-out": {
    title: "You are signed out",
    remedy: "Sign-in lasts for a limited time. Open a sign-in link again; ./throughline up prints one per role.",
  },
  forbidden: {
    title: "Your role doesn't allow this",
    remedy: "Ask an administrator of your studio for a role that may read it.",
  },
  "not-found": {
    title: "Nothing here that you can see",
    remedy:
      "The address may be mistyped, the thing may have been erased, or it belongs to another studio. Search for it by its words.",
  },
  "bad-input": {
    title: "The address asks for something impossible",
    remedy: "Correct the part that is named, or start again from search.",
  },
  busy: {
    title: "Your studio asks for too much at a time",
    remedy: "Others are served first until it's less. Wait as long as it says, then try again.",
  },
  timeout: {
    title: "That took too long, so it was stopped",
    remedy: "Ask for less at once: fewer hops, or fewer types of link. Trying again may help when the server was busy.",
  },
  unreachable: {
    title: "The server can't be reached",
    remedy: "Check that ./throughline up is still running (./throughline status tells), then try again.",
  },
  unavailable: {
    title: "The server isn't ready",
    remedy: "It may still be starting. ./throughline doctor says what is wrong.",
  },
  failed: {
    title: "Something went wrong on the server",
    remedy: "Nothing was changed. Try again; if it stays, give an operator the reference below.",
  },
};

interface Props {
  readonly problem: Problem;
  readonly retry?: () => void;
  readonly children?: ReactNode;
}

/** Says why there is nothing to see, and what to do about it. */
export function ProblemPanel({ problem, retry, children }: Props) {
  const { title, remedy } = EXPLANATIONS[problem.kind];
  return (
    <section className="problem" role="alert" data-problem={problem.kind}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {problem.message !== "" && problem.kind !== "unreachable" && (
        <Text size="sm">
          {problem.field !== undefined && (
            <>
              <code>{problem.field}</code>:{" "}
            </>
          )}
          {problem.message}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {remedy}
      </Text>
      {problem.correlationId !== undefined && problem.kind === "failed" && (
        <Text size="xs" c="dimmed">
          Reference: <code>{problem.correlationId}</code>
        </Text>
      )}
      <Group gap="xs" mt="xs">
        {retry !== undefined && problem.kind !== "bad-input" && problem.kind !== "signed-out" && (
          <Button size="xs" onClick={retry}>
            Try again
          </Button>
        )}
        {problem.kind === "signed-out" ? (
          <Button size="xs" component="a" href="/signed-out">
            How to sign in
          </Button>
        ) : (
          <Button size="xs" variant="default" component={Link} href="/search">
            Search
          </Button>
        )}
        {children}
      </Group>
    </section>
  );
}
