import { Badge } from "../../components/governance/badge.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { stageColumns, standingTry, type PlacedStage, type Try } from "./stage-columns.js";
import { STAGE_BADGES, WAITS } from "./states.js";

const StageGraph_Try = graphql(/* GraphQL */ `
  fragment StageGraph_Try on StageRun {
    status
    waitingFor
    attempt
    cacheHit
  }
`);

const BOX = { width: 168, height: 62, across: 52, down: 18 } as const;

interface Props {
  readonly stages: readonly PlacedStage[];
  readonly tries: readonly (Try & FragmentType<typeof StageGraph_Try>)[];
}

/** The stages of a run with lines to what each needs, and how each stands. The lines are drawn; the words are read. */
export function StageGraph({ stages, tries }: Props) {
  const columns = stageColumns(stages, tries);
  if (columns.length === 0) return <p className="panel-empty">No stage has begun yet.</p>;
  const places = new Map(
    columns.flatMap((column, across) =>
      column.map(
        (name, down) => [name, { x: across * (BOX.width + BOX.across), y: down * (BOX.height + BOX.down) }] as const,
      ),
    ),
  );
  const width = columns.length * (BOX.width + BOX.across) - BOX.across;
  const height = Math.max(...columns.map((column) => column.length)) * (BOX.height + BOX.down) - BOX.down;
  const lines = stages.flatMap(({ name, needs }) =>
    needs.flatMap((need) => {
      const [from, to] = [places.get(need), places.get(name)];
      if (from === undefined || to === undefined) return [];
      const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
      // Over what stands between them, a line to a later column bends below.
      const bend = x2 - x1 > BOX.across ? BOX.height / 2 + BOX.down / 2 : 0;
      const middle = BOX.across / 2;
      const path = `M${x1} ${y1} C${x1 + middle} ${y1 + bend} ${x2 - middle} ${y2 + bend} ${x2} ${y2}`;
      return [<path key={`${need} ${name}`} d={path} />];
    }),
  );
  return (
    <div className="stage-graph-scroll" tabIndex={0} role="group" aria-label="Stages of the run">
      <div className="stage-graph" style={{ width, height: height + BOX.down }}>
        <svg width={width} height={height + BOX.down} aria-hidden="true">
          {lines}
        </svg>
        <ol>
          {columns.flat().map((name) => {
            const stage = stages.find((one) => one.name === name);
            const place = places.get(name)!;
            const stands = standingTry(name, tries);
            const state = stands === null ? "NONE" : readFragment(StageGraph_Try, stands).status;
            return (
              <li
                key={name}
                className="stage-box"
                data-state={state}
                style={{ left: place.x, top: place.y, width: BOX.width, height: BOX.height }}
              >
                <span className="stage-name">{name}</span>
                <StageState tries={tries} name={name} />
                {stage !== undefined && stage.needs.length > 0 && (
                  <span className="stage-needs">needs {stage.needs.join(", ")}</span>
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}

function StageState({ tries, name }: { readonly tries: Props["tries"]; readonly name: string }) {
  const found = standingTry(name, tries);
  if (found === null) return <Badge text="Not begun" />;
  const { status, waitingFor, attempt, cacheHit } = readFragment(StageGraph_Try, found);
  const { text, tone } = STAGE_BADGES[status];
  const waits = waitingFor == null ? "" : ` ${WAITS[waitingFor]}`;
  return (
    <span className="badges">
      <Badge text={`${text}${waits}`} tone={tone} />
      {cacheHit && <Badge text="Cached" />}
      {attempt > 1 && <span className="count-line">try {attempt}</span>}
    </span>
  );
}
