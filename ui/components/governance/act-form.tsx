import { Button, Group, TextInput, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";

interface Props {
  /** What the form does, for those who can't see where it stands. */
  readonly name: string;
  readonly busy: boolean;
  readonly problems: readonly string[];
  readonly submit: string;
  readonly tone?: "bad";
  /** Why it can't be sent as it is; said beside the button. */
  readonly missing?: string | null;
  readonly children?: ReactNode;
  /** True when it was done: only then are the words cleared. */
  onSubmit(given: { reason: string; adr: string | null }): Promise<boolean>;
  cancel?(): void;
}

/** Every act asks for a reason, which stands in the audit; what was typed stays when it is refused. */
export function ActForm({ name, busy, problems, submit, tone, missing = null, children, onSubmit, cancel }: Props) {
  const [reason, setReason] = useState("");
  const [adr, setAdr] = useState("");
  return (
    <form
      aria-label={name}
      className="act-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing !== null) return;
        const given = { reason: reason.trim(), adr: adr.trim() === "" ? null : adr.trim() };
        void onSubmit(given).then((done) => {
          if (!done) return;
          setReason("");
          setAdr("");
        });
      }}
    >
      {children}
      <Textarea
        label="Reason"
        description="Stands in the audit"
        required
        autosize
        minRows={2}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextInput
        label="Decision record"
        description="If it follows one, such as docs/adr/0004"
        maxLength={200}
        value={adr}
        onChange={(event) => setAdr(event.currentTarget.value)}
      />
      {problems.length > 0 && (
        <div className="notice" data-tone="bad" role="alert">
          <strong>Nothing was done.</strong> {problems.join(" ")}
        </div>
      )}
      <Group gap="xs">
        <Button type="submit" size="sm" loading={busy} disabled={missing !== null} {...(tone && { color: "red.9" })}>
          {submit}
        </Button>
        {cancel !== undefined && (
          <Button size="sm" variant="default" onClick={cancel}>
            Cancel
          </Button>
        )}
        {missing !== null && <span className="count-line">{missing}</span>}
      </Group>
    </form>
  );
}
