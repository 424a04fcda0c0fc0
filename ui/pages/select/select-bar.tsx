import { Button, Combobox, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../../gql/gql.js";
import type { CompletionKind } from "../../gql/graphql.js";

const SelectBar_Complete = graphql(/* GraphQL */ `
  query SelectBar_Complete($expression: String!, $position: Int!) {
    completeSelection(expression: $expression, position: $position, first: 12) {
      text
      kind
      detail
      from
      to
    }
  }
`);

const KINDS: Record<CompletionKind, string> = { KEYWORD: "word", FIELD: "field", VALUE: "value", TITLE: "title" };

interface Props {
  /** The expression that is answered now. */
  readonly asked: string;
  readonly onAsk: (expression: string) => void;
}

/** A field for an expression; it offers what could stand where the cursor is. */
export function SelectBar({ asked, onAsk }: Props) {
  const [text, setText] = useState(asked);
  const [cursor, setCursor] = useState(asked.length);
  const [wanted, setWanted] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const position = Math.min(cursor, text.length);
  const [place] = useDebouncedValue({ expression: text, position }, 120);
  const isSettled = place.expression === text && place.position === position;
  const [{ data, fetching, operation }] = useQuery({
    query: SelectBar_Complete,
    variables: place,
    pause: !wanted || !isSettled,
  });
  // The answer before stays until the next one is there: what it offers belongs to another place in the text.
  const answered = operation?.variables;
  const isAnswered = !fetching && answered?.expression === text && answered.position === position;
  const options = wanted && isAnswered ? (data?.completeSelection ?? []) : [];
  const next = useRef<number | null>(null);
  useEffect(() => {
    if (next.current === null) return;
    field.current?.setSelectionRange(next.current, next.current);
    next.current = null;
  }, [text]);
  const take = (value: string) => {
    const option = options[Number(value)];
    if (option === undefined) return;
    const at = option.from + option.text.length;
    setText(text.slice(0, option.from) + option.text + text.slice(option.to));
    setCursor(at);
    next.current = at;
    combobox.resetSelectedOption();
  };
  const moved = () => setCursor(field.current?.selectionStart ?? text.length);
  return (
    <form
      role="search"
      className="select-bar"
      onSubmit={(event) => {
        event.preventDefault();
        combobox.closeDropdown();
        setWanted(false);
        if (text.trim() !== "") onAsk(text.trim());
      }}
    >
      <Combobox store={combobox} onOptionSubmit={take} withinPortal>
        <Combobox.Target>
          <TextInput
            ref={field}
            size="sm"
            className="select-field"
            aria-label="Expression"
            placeholder='source:"WHO"+ and +episode:* and not label:topic'
            value={text}
            autoComplete="off"
            spellCheck={false}
            maxLength={4000}
            autoFocus={asked === ""}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setCursor(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
              setWanted(true);
              combobox.openDropdown();
            }}
            onClick={moved}
            onKeyUp={(event) => {
              if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") moved();
            }}
            onKeyDown={(event) => {
              if (event.key === " " && event.ctrlKey) {
                event.preventDefault();
                setWanted(true);
                combobox.openDropdown();
              }
            }}
            onBlur={() => combobox.closeDropdown()}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={options.length === 0}>
          <Combobox.Options mah={300} style={{ overflowY: "auto" }} aria-label="What could stand here">
            {options.map((option, index) => (
              <Combobox.Option key={`${option.kind} ${option.text} ${option.from}`} value={String(index)}>
                <span className="completion">
                  <code>{option.text}</code>
                  <span>
                    {option.detail} · {KINDS[option.kind]}
                  </span>
                </span>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <Button type="submit" size="sm" variant="default">
        Select
      </Button>
    </form>
  );
}
