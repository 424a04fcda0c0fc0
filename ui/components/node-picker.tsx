import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../gql/gql.js";
import type { NodeLabel } from "../gql/graphql.js";
import { labelName } from "./node-label.js";

const NodePicker_Search = graphql(/* GraphQL */ `
  query NodePicker_Search($text: String!, $labels: [NodeLabel!]) {
    search(text: $text, labels: $labels, first: 12) {
      edges {
        node {
          id
          label
          title
        }
      }
    }
  }
`);

export interface Picked {
  readonly id: string;
  readonly title: string;
}

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  /** Only these kinds; all without. */
  readonly labels?: readonly NodeLabel[];
  /** A node that can't be chosen, such as the one that it is about. */
  readonly except?: string;
  readonly required?: boolean;
  readonly value: Picked | null;
  readonly onChange: (picked: Picked | null) => void;
}

/** Finds one node by its words. */
export function NodePicker({ labels, except, value, onChange, ...shown }: Props) {
  const [words, setWords] = useState("");
  const [asked] = useDebouncedValue(words.trim(), 180);
  const wanted = asked !== "" && asked !== value?.title;
  const [{ data, fetching, error }] = useQuery({
    query: NodePicker_Search,
    variables: { text: asked, labels: labels === undefined ? null : [...labels] },
    pause: !wanted,
  });
  const found = wanted ? (data?.search.edges.map(({ node }) => node).filter(({ id }) => id !== except) ?? []) : [];
  const options = found.map(({ id, label, title }) => ({
    value: id,
    label: labels?.length === 1 ? title : `${labelName(label)}: ${title}`,
  }));
  if (value !== null && !options.some((option) => option.value === value.id))
    options.unshift({ value: value.id, label: value.title });
  const nothing =
    error !== undefined
      ? "The search failed; try again."
      : asked === ""
        ? "Type some of its words."
        : fetching
          ? "Searching…"
          : "Nothing found by these words.";
  return (
    <Select
      {...shown}
      searchable
      clearable
      data={options}
      filter={({ options: all }) => all}
      nothingFoundMessage={nothing}
      searchValue={words}
      onSearchChange={setWords}
      value={value?.id ?? null}
      onChange={(id) => {
        const node = options.find((option) => option.value === id);
        onChange(node === undefined ? null : { id: node.value, title: node.label });
      }}
    />
  );
}
