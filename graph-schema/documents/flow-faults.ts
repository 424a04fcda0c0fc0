/** What of a stage leads to other stages. */
export interface Linked {
  readonly name: string;
  readonly needs: readonly string[];
  readonly input: Readonly<Record<string, string>>;
  readonly when?: { readonly value: string } | undefined;
  readonly cache?: { readonly by: readonly string[] } | undefined;
  readonly wait?: string | undefined;
  readonly repair?: { readonly to: string; readonly when: { readonly value: string } } | undefined;
  readonly block?: { readonly when: { readonly value: string }; readonly because?: string | undefined } | undefined;
}

export interface FlowFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Beside the outputs of stages, what a reference may begin with. */
const RUN = "run";
const REPAIR = "repair";
/** What stages answered with before the newest repair, by name: `repaired.scenes`. */
const REPAIRED = "repaired";
const RUN_FIELDS = ["id", "topic_id", "channel_id", "input"];

/** Everything that comes before each stage, directly or not. Of a graph with cycles it ends all the same. */
export function upstreamOf(
  stages: readonly Pick<Linked, "name" | "needs">[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map(stages.map((stage) => [stage.name, stage.needs]));
  const collect = (name: string, found: Set<string>): Set<string> => {
    for (const need of needs.get(name) ?? []) if (!found.has(need) && needs.has(need)) collect(need, found.add(need));
    return found;
  };
  return new Map(stages.map(({ name }) => [name, collect(name, new Set())]));
}

/** What is wrong with how the stages of a flow hang together: names, cycles, references, repairs. */
export function flowFaults(stages: readonly Linked[]): FlowFault[] {
  const names = stages.map(({ name }) => name);
  const before = upstreamOf(stages);
  /** A cycle is told of once: where the file comes to it first. */
  const firstOfItsCycle = (name: string): boolean =>
    names.find((other) => other === name || (before.get(other)!.has(name) && before.get(name)!.has(other))) === name;
  return stages.flatMap((stage, i) => {
    const faults: FlowFault[] = [];
    const fault = (message: string, ...path: (string | number)[]) =>
      faults.push({ path: ["stages", i, ...path], message });
    const upstream = before.get(stage.name)!;
    const judge = (reference: string, own: boolean, ...path: (string | number)[]) => {
      const [head = "", field] = reference.split(".");
      if (head === RUN && (field === undefined || !RUN_FIELDS.includes(field)))
        fault(`a run has ${RUN_FIELDS.map((one) => `run.${one}`).join(", ")}, not ${reference}`, ...path);
      if (head === REPAIRED && (field === undefined || !names.includes(field)))
        fault(`${reference} must name a stage, such as ${REPAIRED}.${stage.name}`, ...path);
      if (head === RUN || head === REPAIR || head === REPAIRED || (own && head === stage.name)) return;
      if (!names.includes(head)) fault(`there is no stage ${head}`, ...path);
      else if (!upstream.has(head)) fault(`${head} doesn't come before ${stage.name}: name it in needs`, ...path);
    };

    if ([RUN, REPAIR, REPAIRED].includes(stage.name)) fault(`${stage.name} is reserved for references`, "name");
    if (names.indexOf(stage.name) !== i) fault(`${stage.name} is the name of two stages`, "name");
    stage.needs.forEach((need, n) => {
      if (!names.includes(need)) fault(`there is no stage ${need}`, "needs", n);
      else if (stage.needs.indexOf(need) !== n) fault(`${need} is named twice`, "needs", n);
      else if (before.get(need)!.has(stage.name) && firstOfItsCycle(stage.name))
        fault(`a cycle: ${stage.name} needs ${need}, which needs ${stage.name}`, "needs", n);
    });
    for (const [field, value] of Object.entries(stage.input)) judge(value, false, "input", field);
    if (stage.when !== undefined) judge(stage.when.value, false, "when", "value");
    stage.cache?.by.forEach((value, n) => judge(value, false, "cache", "by", n));
    if (stage.cache !== undefined && stage.wait !== undefined)
      fault("what waits for a callback can't be taken from a cache", "cache");
    if (stage.block !== undefined) {
      judge(stage.block.when.value, true, "block", "when", "value");
      if (stage.block.because !== undefined) judge(stage.block.because, true, "block", "because");
    }
    if (stage.repair !== undefined) {
      judge(stage.repair.when.value, true, "repair", "when", "value");
      const { to } = stage.repair;
      if (!names.includes(to)) fault(`there is no stage ${to}`, "repair", "to");
      else if (to !== stage.name && !upstream.has(to))
        fault(`a repair leads back: ${to} doesn't come before ${stage.name}`, "repair", "to");
    }
    return faults;
  });
}
