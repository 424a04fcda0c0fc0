import type { GraphQLSchema } from "graphql";
import { ulid } from "ulid";
import { NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import { argsOf, isEnumLeaf, rootFields, type Args, type Call, type Leaf, type RootField } from "./deny-calls.js";
import type { World } from "./deny-world.js";
import type { Random } from "./random.js";

/*
 * The deny suite. Callers of one tenant ask for what is another's, in every operation that the schema has and in every
 * spelling we could think of. Each such call has a partner that asks the same for something that never existed; whoever can
 * tell the two answers apart, or finds a word of the other tenant in any answer, has found a leak.
 */

/** The answer to one root field; its errors as a client is told them, with paths from the field on. */
export interface Answer {
  readonly data: unknown;
  readonly errors: readonly unknown[];
}

/** Sends calls as one document and answers for each. */
export type Ask = (calls: readonly Call[], depth: number) => Promise<readonly Answer[]>;

export interface DenyOptions {
  readonly schema: GraphQLSchema;
  readonly ask: Ask;
  readonly own: World;
  /** Whose things are asked for. */
  readonly other: World;
  /** Has the same ids as `own`: whatever forgets its tenant finds it beside. */
  readonly twin: World;
  readonly random: Random;
  /** How many root fields are to be executed. */
  readonly calls: number;
  /** Root fields in one document. */
  readonly width: number;
  /** Documents at once. */
  readonly parallel: number;
  readonly kind: RootField["kind"];
  /** One root field, in place of all. */
  readonly only?: string;
  /** Puts right what an earlier document may have changed for all that follow, such as a switch that was set. */
  readonly before?: () => Promise<unknown>;
  /** Whether variables of a wrong shape are sent too: each needs a document of its own. */
  readonly misshapen?: boolean;
}

export interface DenyReport {
  calls: number;
  /** Pairs of another's and a missing thing whose answers were compared. */
  pairs: number;
  readonly byVariant: Map<string, number>;
  readonly byField: Map<string, number>;
  readonly leaks: string[];
}

type Spell = (text: string) => unknown;

const CONFUSABLES: Readonly<Record<string, string>> = {
  a: "а",
  e: "е",
  o: "о",
  i: "і",
  C: "С",
  T: "Т",
  S: "Ѕ",
  E: "Е",
};

/** Other spellings of an id; those that a careless comparison takes for the same. */
const SPELLINGS: Readonly<Record<string, Spell>> = {
  plain: (id) => id,
  "lower case": (id) => id.toLowerCase(),
  "upper case": (id) => id.toUpperCase(),
  "lower-case ulid": (id) => id.replace(/:.*/, (rest) => rest.toLowerCase()),
  "full-width colon": (id) => id.replace(":", "："),
  "full-width digits": (id) => id.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  confusables: (id) => id.replace(/[aeoiCTSE]/g, (letter) => CONFUSABLES[letter] ?? letter),
  "zero-width": (id) => id.replace(":", ":\u200b"),
  "soft hyphen": (id) => id.replace(":", "\u00ad:"),
  "right-to-left": (id) => `\u202e${id}`,
  "white space": (id) => ` ${id}\n`,
  "no label": (id) => id.slice(id.indexOf(":") + 1),
  "two labels": (id) => `${id.split(":")[0]}:${id}`,
  "a null byte": (id) => `${id}\u0000`,
  "percent encoded": (id) => encodeURIComponent(id),
  quoted: (id) => `"${id}"`,
  "cypher injection": (id) => `${id}' OR 1=1 OR n.id = '`,
  "cypher comment": (id) => `${id}"}) MATCH (n) RETURN n //`,
  "lucene injection": (id) => `${id} OR tenantKey:*`,
  wildcard: (id) => id.replace(/.{6}$/, "*"),
  path: (id) => `../../${id}`,
};

/** Shapes that a scalar's variable doesn't have. */
const MISSHAPEN: Readonly<Record<string, Spell>> = {
  array: (id) => [id],
  "array of arrays": (id) => [[id]],
  object: (id) => ({ id }),
  "number for text": () => 7,
};

const LONGEST_ECHO = 64;
const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Everything that must never be told. */
function forbidden(worlds: readonly World[]): RegExp {
  const words = worlds.flatMap(({ tenantId, canary }) => [tenantId, canary]);
  return new RegExp(words.map(escape).join("|"), "i");
}

/** Ids of the other world: told back, they may stand in an answer; beside what was asked, never. */
const idsOf = ({ ids }: World): string[] =>
  Object.values(ids)
    .flat()
    .map((id) => id.slice(id.indexOf(":") + 1));

const text = (value: unknown): string => JSON.stringify(value) ?? "undefined";

/** What is left of an answer when what was sent is taken out, and what differs from call to call: ids, instants, cursors. */
function normal(answer: string, sent: string): string {
  return withoutSent(answer, sent)
    .replaceAll(/deny\/[\w-]+/g, "<operation>")
    .replaceAll(/[0-7][0-9A-HJKMNP-TV-Z]{25}/g, "<ulid>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<instant>")
    .replaceAll(/("\w*[cC]ursor":)"[^"]*"/g, '$1"<cursor>"');
}

function withoutSent(answer: string, sent: string): string {
  if (sent === "") return answer;
  const inner = JSON.stringify(sent).slice(1, -1);
  const spelled = [sent, inner, JSON.stringify(inner).slice(1, -1), sent.trim()].filter((each) => each.length > 2);
  // Told back cut short, it ends somewhere behind these.
  return spelled.reduce(
    (left, each) => left.replaceAll(each, "<sent>"),
    answer.replaceAll(sent.slice(0, LONGEST_ECHO), "<sent>"),
  );
}

interface Probe {
  readonly call: Call;
  readonly variant: string;
  /** What it sends as text, to be taken out of its answer. */
  readonly sent: string;
  /** The partner's place in the list, of which the answer must be the same. */
  readonly partner: number | null;
}

/** What a leaf takes: learned by asking with an id that no label has. */
type Learned = ReadonlyMap<string, readonly NodeLabel[]>;
const nameOf = (root: RootField, leaf: Leaf): string => `${root.name}.${leaf.path.join(".")}`;

export async function denySuite(options: DenyOptions): Promise<DenyReport> {
  const { schema } = options;
  const roots = rootFields(schema).filter(
    ({ kind, name }) => kind === options.kind && (options.only === undefined || name === options.only),
  );
  const report: DenyReport = { calls: 0, pairs: 0, byVariant: new Map(), byField: new Map(), leaks: [] };
  const learned = await learn(options, roots);
  const maker = new ProbeMaker(options, learned);
  let left = options.calls;
  let turn = 0;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      // In turn, so that each has its share.
      const root = roots[turn++ % roots.length]!;
      const probes = maker.batch(root, Math.min(options.width, Math.max(2, left)));
      left -= probes.length;
      await options.before?.();
      await judge(options, report, probes);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, worker));
  return report;
}

/** Asks each leaf that identifies something with what is no id: the refusal says which labels it takes. */
async function learn({ ask, own }: DenyOptions, roots: readonly RootField[]): Promise<Learned> {
  const learned = new Map<string, readonly NodeLabel[]>();
  for (const root of roots) {
    for (const leaf of root.leaves.filter(({ identifies }) => identifies)) {
      const args = argsOf(root, (each) => (each === leaf ? "no id" : ordinary(each, own, undefined)));
      const [answer] = await ask([{ root, args }], 1);
      const said = /id of a ((?:\w+(?: or |, )?)+), such as|, of a ((?:\w+(?: or )?)+)\./.exec(text(answer));
      const names = (said?.[1] ?? said?.[2] ?? "").split(" or ");
      learned.set(
        nameOf(root, leaf),
        NODE_LABELS.filter((label) => names.includes(label)),
      );
    }
  }
  return learned;
}

let counter = 0;

/** What isn't just any text or number: a row with another is refused before anything of it is looked for. */
const FIGURES: Readonly<Record<string, unknown>> = {
  day: "2025-03-01",
  impressions: 90,
  views: 3,
  ctr: 0.04,
  currency: "EUR",
};

/** A value that the leaf takes, of the caller's own world; undefined for what may be left out. */
function ordinary(leaf: Leaf, own: World, labels: readonly NodeLabel[] | undefined, always = false): unknown {
  const name = leaf.path.at(-1)!;
  if (!leaf.required && !always) return undefined;
  const n = (counter += 1);
  if (leaf.identifies) return own.ids[labels?.[n % labels.length] ?? "Claim"][n % 3] ?? own.ids.Tenant[0];
  if (Object.hasOwn(FIGURES, name)) return FIGURES[name];
  const values = isEnumLeaf(leaf);
  if (values !== null) return values[n % values.length];
  switch (leaf.type.name) {
    case "Int":
      return 1 + (n % 3);
    case "Float":
      return 1.5;
    case "Boolean":
      return n % 2 === 0;
    case "DateTime":
      // What a change sets may lie ahead; what a read is asked for may not, and it compares an earlier instant with a later.
      if (leaf.path[0] === "input") return new Date(Date.now() + 86_400_000).toISOString();
      return new Date(name === "from" ? Date.now() - 3_600_000 : Date.now()).toISOString();
  }
  if (name === "operationId") return `deny/${ulid()}-${n}`;
  if (/url$/i.test(name)) return `https://deny-${n}.example/`;
  return `${own.canary} ${name} ${n}`;
}

/** Calls for the caller's own things in one document. */
const OWN_WIDTH = 4;

class ProbeMaker {
  readonly #options: DenyOptions;
  readonly #learned: Learned;

  constructor(options: DenyOptions, learned: Learned) {
    this.#options = options;
    this.#learned = learned;
  }

  /** About `size` calls of one root field: own things, another's beside what never was, nothing at all. */
  batch(root: RootField, size: number): Probe[] {
    const { random } = this.#options;
    const probes: Probe[] = [];
    const own = random.below(20) === 0;
    const identifying = root.leaves.filter(({ identifies }) => identifies);
    // What a change writes is the caller's own from then on, whoever's words they were.
    const textual = root.leaves.filter(
      ({ identifies, type }) => !identifies && root.kind === "query" && type.name === "String",
    );
    // What is one's own has answers, and deep ones.
    const most = own ? Math.min(size, OWN_WIDTH) : size;
    while (probes.length < most) {
      if (own || identifying.length + textual.length === 0) this.#ownCall(root, probes);
      else if (textual.length === 0 || (identifying.length > 0 && random.below(8) > 0))
        this.#pair(root, random.pick(identifying), probes);
      else this.#textPair(root, random.pick(textual), probes);
    }
    return probes;
  }

  #labels(root: RootField, leaf: Leaf): readonly NodeLabel[] {
    const labels = this.#learned.get(nameOf(root, leaf)) ?? [];
    return labels.length > 0 ? labels : NODE_LABELS;
  }

  /** All else as the caller might say it; some of what may be left out is said. */
  #around(root: RootField, probed: Leaf | null): (value: unknown) => Args {
    const { own, random } = this.#options;
    const values = new Map(
      root.leaves.map((leaf) => [leaf, ordinary(leaf, own, this.#labels(root, leaf), random.below(5) === 0)]),
    );
    // The same around both of a pair, but for the operation, which would be the same one.
    return (value) =>
      argsOf(root, (leaf) => {
        if (leaf === probed) return value;
        return leaf.path.at(-1) === "operationId" ? ordinary(leaf, own, undefined) : values.get(leaf);
      });
  }

  #ownCall(root: RootField, probes: Probe[]): void {
    probes.push({ call: { root, args: this.#around(root, null)(undefined) }, variant: "own", sent: "", partner: null });
  }

  #push(
    root: RootField,
    leaf: Leaf,
    probes: Probe[],
    variant: string,
    [theirs, nobodys]: [unknown, unknown],
    sent: [string, string],
  ): void {
    const around = this.#around(root, leaf);
    probes.push(
      { call: { root, args: around(theirs) }, variant, sent: sent[0], partner: probes.length + 1 },
      { call: { root, args: around(nobodys) }, variant: "missing", sent: sent[1], partner: null },
    );
  }

  #pair(root: RootField, leaf: Leaf, probes: Probe[]): void {
    const { own, other, random, misshapen } = this.#options;
    const taken = random.pick(this.#labels(root, leaf));
    // Once in a while something of another kind than the field is for.
    const label = random.below(8) === 0 ? random.pick(NODE_LABELS) : taken;
    const theirs = random.pick(other.ids[label]);
    const nobodys =
      label === "Tenant"
        ? `Tenant:${theirs.slice(7).replaceAll(/[a-z]/g, "z").replaceAll(/\d/g, "8")}`
        : `${label}:${ulid()}`;
    const spellings = Object.entries(misshapen === true && random.below(3) === 0 ? MISSHAPEN : SPELLINGS);
    // Half of them as they are: those get furthest.
    const [name, spell] =
      random.below(2) === 0 && misshapen !== true ? (["plain", SPELLINGS.plain!] as const) : random.pick(spellings);
    if (random.below(20) === 0) {
      probes.push({ call: { root, args: this.#around(root, leaf)(null) }, variant: "null", sent: "", partner: null });
      return;
    }
    const ownId = own.ids[label][0];
    // Both of a pair in the same shape.
    const beside = leaf.list && random.below(2) === 0;
    const shape = (id: string): unknown => (beside ? [ownId, spell(id)] : spell(id));
    const said = (id: string) => (typeof spell(id) === "string" ? (spell(id) as string) : id);
    const variant = label === taken ? `other: ${name}` : `other, wrong label: ${name}`;
    this.#push(root, leaf, probes, variant, [shape(theirs), shape(nobodys)], [said(theirs), said(nobodys)]);
  }

  /** Texts: the other's words beside words that nobody wrote. */
  #textPair(root: RootField, leaf: Leaf, probes: Probe[]): void {
    const { other, random } = this.#options;
    const nobodys = `canary${ulid().slice(-12).toLowerCase()}`;
    const forms: Record<string, (word: string) => string> = {
      word: (word) => word,
      prefix: (word) => `${word.slice(0, 12)}`,
      wildcard: (word) => `${word.slice(0, 12)}*`,
      field: (word) => `title:${word}`,
      "full width": (word) => word.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
      "upper case": (word) => word.toUpperCase(),
      lucene: (word) => `${word} OR tenantKey:${word === nobodys ? "nobody" : other.tenantId.replaceAll("-", "_")}`,
    };
    const [name, form] = random.pick(Object.entries(forms));
    const [theirs, missing] = [form(other.canary), form(nobodys)];
    this.#push(root, leaf, probes, `text: ${name}`, [theirs, missing], [theirs, missing]);
  }
}

/** Depth of what is selected: of another's thing the root tells; of one's own, what its fields lead to. */
const DEPTH = { others: 2, own: 3 } as const;

/** A database that is asked something for the first time may take too long for a request; the same is asked again then. */
async function answersTo({ ask }: DenyOptions, probes: readonly Probe[]): Promise<readonly Answer[]> {
  const calls = probes.map(({ call }) => call);
  const depth = probes.some(({ partner }) => partner !== null) ? DEPTH.others : DEPTH.own;
  for (let attempt = 1; ; attempt += 1) {
    const answers = await ask(calls, depth);
    if (attempt === 5 || !/"code":"(TIMEOUT|UNAVAILABLE)"/.test(text(answers))) return answers;
  }
}

async function judge(options: DenyOptions, report: DenyReport, probes: readonly Probe[]): Promise<void> {
  const { own, other, twin } = options;
  const answers = await answersTo(options, probes);
  const canaries = forbidden([other, twin]);
  const ids = idsOf(other);
  for (const [i, probe] of probes.entries()) {
    const { root, args } = probe.call;
    const told = text(answers[i]);
    report.calls += 1;
    report.byVariant.set(probe.variant, (report.byVariant.get(probe.variant) ?? 0) + 1);
    report.byField.set(root.name, (report.byField.get(root.name) ?? 0) + 1);
    const left = withoutSent(told, probe.sent);
    const found = canaries.exec(left)?.[0] ?? ids.find((id) => left.includes(id) && !probe.sent.includes(id));
    if (found !== undefined)
      report.leaks.push(`${root.name} (${probe.variant}) tells ${found}: ${text(args)} -> ${told.slice(0, 600)}`);
    if (probe.partner === null) continue;
    report.pairs += 1;
    const partner = probes[probe.partner]!;
    const [theirs, nobodys] = [normal(told, probe.sent), normal(text(answers[probe.partner]), partner.sent)];
    if (counted(theirs, own) !== counted(nobodys, own))
      report.leaks.push(
        `${root.name} (${probe.variant}) is told apart: ${text(args)} -> ${theirs.slice(0, 400)} | ${text(partner.call.args)} -> ${nobodys.slice(0, 400)}`,
      );
  }
}

/** Texts of a call carry a running number. */
const counted = (answer: string, own: World): string =>
  answer
    .replaceAll(new RegExp(`${own.canary} \\w+ \\d+`, "gi"), "<own text>")
    .replaceAll(/deny-\d+\.example/g, "<own address>");
