import { Chip, Group } from "@mantine/core";
import { LABEL_FACES } from "../../components/node-label.js";
import type { NodeLabel } from "../../gql/graphql.js";
import { FILTER_LABELS } from "./labels.js";

interface Props {
  readonly labels: readonly NodeLabel[];
  readonly onChange: (labels: readonly NodeLabel[]) => void;
}

/** Narrows results to some kinds; none chosen means all. */
export function LabelFilter({ labels, onChange }: Props) {
  return (
    <Group gap={6} role="group" aria-label="Kinds to show" className="label-filter">
      <Chip size="xs" checked={labels.length === 0} onChange={() => onChange([])}>
        All kinds
      </Chip>
      {FILTER_LABELS.map((label) => (
        <Chip
          key={label}
          size="xs"
          checked={labels.includes(label)}
          onChange={(checked) => onChange(checked ? [...labels, label] : labels.filter((other) => other !== label))}
        >
          {LABEL_FACES[label].plural}
        </Chip>
      ))}
    </Group>
  );
}
