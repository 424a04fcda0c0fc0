import { Button, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useLocation, useSearchParams } from "wouter";

interface Props {
  /** In the header, beside other things. */
  readonly compact?: boolean;
  readonly autoFocus?: boolean;
}

/** Searches on Enter, keeping the labels that the results page is narrowed to. */
export function SearchField({ compact = false, autoFocus = false }: Props) {
  const [path, navigate] = useLocation();
  const [params] = useSearchParams();
  const asked = path === "/search" ? (params.get("q") ?? "") : "";
  const [text, setText] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked), [asked]);
  useHotkeys([["/", () => field.current?.focus()]]);
  return (
    <form
      role="search"
      className={compact ? "search-field" : "search-field search-field-large"}
      onSubmit={(event) => {
        event.preventDefault();
        const words = text.trim();
        if (words === "") return field.current?.focus();
        const next = new URLSearchParams(path === "/search" ? params : undefined);
        next.set("q", words);
        navigate(`/search?${next.toString()}`);
      }}
    >
      <TextInput
        ref={field}
        type="search"
        name="q"
        size={compact ? "sm" : "lg"}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={compact ? "Search claims, sources, episodes" : "A claim, a source, an episode, a person…"}
        aria-label="Search the studio's graph"
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        leftSection={
          <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
            <path
              d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M10.5 10.5l3 3"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeLinecap="round"
            />
          </svg>
        }
        rightSectionWidth={compact ? 36 : 100}
        rightSection={
          compact ? (
            <kbd className="slash" aria-hidden="true">
              /
            </kbd>
          ) : (
            <Button type="submit" size="sm">
              Search
            </Button>
          )
        }
      />
    </form>
  );
}
