import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const ContentDifference_Difference = graphql(/* GraphQL */ `
  fragment ContentDifference_Difference on ContentDifference {
    added {
      id
      title
    }
    removed {
      id
      title
    }
    changed {
      id
      title
      before
      after
    }
  }
`);

interface Props {
  readonly title: string;
  readonly difference: FragmentType<typeof ContentDifference_Difference> | null;
  /** Said where there is nothing to count from. */
  readonly none: string;
}

/** What an approver has to look at: added, removed, and changed with both texts. */
export function ContentDifference({ title, difference, none }: Props) {
  const found = readFragment(ContentDifference_Difference, difference);
  const count = found === null ? 0 : found.added.length + found.removed.length + found.changed.length;
  return (
    <>
      <h3>{title}</h3>
      {found === null && <p className="panel-empty">{none}</p>}
      {found !== null && count === 0 && <p className="panel-empty">Nothing changed.</p>}
      {found !== null && count > 0 && (
        <ul className="difference">
          {found.added.map(({ id, title: name }) => (
            <li key={`+${id}`} data-change="added">
              <strong>Added</strong> {name}
            </li>
          ))}
          {found.removed.map(({ id, title: name }) => (
            <li key={`-${id}`} data-change="removed">
              <strong>Removed</strong> {name}
            </li>
          ))}
          {found.changed.map(({ id, title: name, before, after }) => (
            <li key={`~${id}`} data-change="changed">
              <strong>Changed</strong> {name}
              <del>{before}</del>
              <ins>{after}</ins>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
