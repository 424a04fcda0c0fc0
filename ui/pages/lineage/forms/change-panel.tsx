import type { NodeLabel } from "../../../gql/graphql.js";
import { ClaimForms } from "./claim-forms.js";
import { SourceForms } from "./source-forms.js";

const FORMS: Partial<Record<NodeLabel, (props: FormsProps) => React.ReactNode>> = {
  CLAIM: ClaimForms,
  SOURCE: SourceForms,
};

export interface FormsProps {
  readonly id: string;
  readonly onChanged: () => void;
}

/** Whether a node of this kind can be changed from its card. */
export const hasForms = (label: NodeLabel): boolean => FORMS[label] !== undefined;

interface Props {
  readonly node: { readonly id: string; readonly label: NodeLabel };
  /** Whether one looks at an earlier instant: changes are made to what is now. */
  readonly past: boolean;
  readonly onChanged: () => void;
}

/** What can be changed about a node; every change asks why and is recorded, nothing is overwritten. */
export function ChangePanel({ node, past, onChanged }: Props) {
  const Forms = FORMS[node.label];
  if (Forms === undefined) return null;
  return (
    <>
      {past && (
        <p className="notice" data-tone="info">
          You look at the past. A change is made to what holds now, and shows once you are back there.
        </p>
      )}
      <Forms id={node.id} onChanged={onChanged} />
    </>
  );
}
