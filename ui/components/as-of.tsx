import { Button, Popover } from "@mantine/core";
import { useState } from "react";
import { formatInstant } from "./instant.js";

/** `datetime-local` speaks of the reader's own time zone, without naming it. */
const toLocalField = (iso: string) => {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};

interface Props {
  /** The instant that is looked at; null for now. */
  readonly asOf: string | null;
  /** The instant that the answer speaks of. */
  readonly answered: string | null;
  readonly onChange: (asOf: string | null) => void;
  readonly onReload: () => void;
}

/** Which instant is looked at, and the way to another one. */
export function AsOf({ asOf, answered, onChange, onReload }: Props) {
  const [opened, setOpened] = useState(false);
  const pinned = asOf !== null;
  const [text, setText] = useState("");
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant={pinned ? "light" : "default"}
          onClick={() => {
            setText(answered === null ? "" : toLocalField(answered));
            setOpened(!opened);
          }}
        >
          As of {pinned ? formatInstant(asOf) : "now"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Instant to look at">
        <form
          className="as-of"
          onSubmit={(event) => {
            event.preventDefault();
            const at = new Date(text);
            if (Number.isNaN(at.getTime())) return;
            setOpened(false);
            onChange(at.toISOString());
          }}
        >
          <label htmlFor="as-of-field">The graph as it was recorded at</label>
          <input
            id="as-of-field"
            type="datetime-local"
            step="1"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            required
          />
          <div className="as-of-buttons">
            <Button type="submit" size="xs">
              Look at that instant
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setOpened(false);
                if (pinned) onChange(null);
                else onReload();
              }}
            >
              {pinned ? "Back to now" : "Refresh"}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
