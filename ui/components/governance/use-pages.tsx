import { Button, Group } from "@mantine/core";
import { useState, type ReactNode } from "react";

interface Info {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
  readonly totalCount: number;
  readonly totalIsExact: boolean;
}

/** Steps through a long list by cursor; `reset` when the question changes. `names`: of the steps back and on. */
export function usePages([back, on]: readonly [string, string] = ["Newer", "Older"]): {
  after: string | null;
  reset(): void;
  buttons(info: Info): ReactNode;
} {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    after: cursors.at(-1) ?? null,
    reset: () => setCursors([]),
    buttons: ({ pageInfo, totalCount, totalIsExact }) => (
      <Group className="more-line" gap="sm">
        <Button
          variant="default"
          size="xs"
          disabled={cursors.length === 0}
          onClick={() => setCursors(cursors.slice(0, -1))}
        >
          {back}
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={!pageInfo.hasNextPage}
          onClick={() => pageInfo.endCursor != null && setCursors([...cursors, pageInfo.endCursor])}
        >
          {on}
        </Button>
        <span className="count-line">
          {totalIsExact ? "" : "at least "}
          {totalCount.toLocaleString("en")} in all
        </span>
      </Group>
    ),
  };
}
