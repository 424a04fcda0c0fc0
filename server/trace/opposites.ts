import { stemOf, type Token } from "./words.js";

/* Words that deny, exclude each other, or widen what is said. */

const NEGATES = new Set("not never no none neither nor without unable cannot hardly".split(" "));
/** Words after a negation that it is about. */
const REACH = 3;

/** Stems that a text denies; a comma or a stop ends what a negation is about. */
function deniedOf(tokens: readonly Token[]): Set<string> {
  const denied = new Set<string>();
  for (const [i, { lower }] of tokens.entries()) {
    if (!NEGATES.has(lower) || tokens[i + 1]?.lower === "only") continue;
    let words = 0;
    for (const token of tokens.slice(i + 1)) {
      if (words === REACH || /^[,.;:()]$/.test(token.text)) break;
      if (token.kind !== "word" || token.empty) continue;
      denied.add(token.stem);
      words += 1;
    }
  }
  return denied;
}

/** Whether one of the two denies a word that the other says. `more than` and the like aren't denied by a "no". */
export function negated(claim: readonly Token[], evidence: readonly Token[], taken: ReadonlySet<number>): boolean {
  const [asked, told] = [deniedOf(claim), deniedOf(evidence)];
  if (asked.size === 0 && told.size === 0) return false;
  const there = new Set(evidence.filter(({ kind, empty }) => kind === "word" && !empty).map(({ stem }) => stem));
  return claim.some(
    ({ kind, empty, stem }, i) =>
      kind === "word" && !empty && !taken.has(i) && there.has(stem) && asked.has(stem) !== told.has(stem),
  );
}

/** Of each line only one side can be true of the same thing. */
const EXCLUSIVE = `
positive favorable favourable acclaimed acclaim praised well-received | negative unfavorable unfavourable panned poor | mixed average lukewarm
win won winner victory defeated beat | lost lose loss losing
increase increased rise rose grew growth gained up | decrease decreased fell fall dropped decline declined shrank down
alive living lives survived survives | dead died deceased killed
open opened opening reopened | closed close closing shut
start started began begin first-ever | ended end ending finished ceased discontinued
male man men boy boys | female woman women girl girls
father dad | mother mom
brother brothers | sister sisters
son sons | daughter daughters
husband | wife
uncle | aunt
king | queen
north northern | south southern | east eastern | west western
largest biggest greatest | smallest tiniest
highest | lowest
oldest eldest | youngest
best | worst
more most | less least fewer few fewest
all every each entire | some part several few
always | never sometimes
before prior | after following
early earlier | late later
former previously formerly ex | current currently now present
married | divorced separated unmarried
success successful hit | failure unsuccessful flop bomb underperformed
agree agreed accepted approved | disagreed rejected refused declined
allow allowed permitted legal | banned prohibited forbidden illegal
win | draw drew tie
public | private
left | right
major | minor
major majority most | minority
true | false hoax
buy bought acquired | sold
heterosexual straight | gay lesbian homosexual bisexual
guilty convicted | innocent acquitted
hero protagonist | villain antagonist
single unmarried | married
home | away
child children young | adult adults
fiction fictional | nonfiction real
liberal left-wing democrat democratic | conservative right-wing republican
studio | live
producer | director
actor actress | singer | model | comedian | politician | writer author | footballer
guitarist guitar | drummer drums | bassist bass | pianist piano | vocalist
american | british | canadian | australian | irish | scottish | english | welsh | french | german | italian | spanish | portuguese | brazilian | mexican | indian | chinese | japanese | korean | russian | swedish | norwegian | danish | dutch | polish | greek | turkish | israeli | iranian | pakistani | african | european
monday | tuesday | wednesday | thursday | friday | saturday | sunday
summer | winter | spring | autumn
red | blue | green | yellow | black | white | orange | purple
rock | pop | jazz | metal | country | rap hip-hop | classical | folk
christian christianity | muslim islam | jewish judaism | hindu hinduism | buddhist buddhism | atheist
`;

/** Stem -> the groups it stands in, each with its side. */
const SIDES = new Map<string, (readonly [group: number, side: number])[]>();
for (const [group, line] of EXCLUSIVE.trim().split("\n").entries())
  for (const [side, words] of line.split("|").entries())
    for (const word of words.trim().split(/\s+/)) {
      const sides = SIDES.get(word) ?? [];
      SIDES.set(word, [...sides, [group, side]]);
      const stem = stemOf(word);
      if (stem !== word && !SIDES.has(stem)) SIDES.set(stem, [[group, side]]);
    }

const sidesOf = (tokens: readonly Token[], taken: ReadonlySet<number>): Map<number, Set<number>> => {
  const found = new Map<number, Set<number>>();
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== "word" || taken.has(i)) continue;
    for (const [group, side] of SIDES.get(token.lower) ?? SIDES.get(token.stem) ?? [])
      found.set(group, (found.get(group) ?? new Set()).add(side));
  }
  return found;
};

/** How often the evidence has only another side of what the claim says. `taken` are words that belong to numbers and dates. */
export function oppositesOf(
  claim: readonly Token[],
  evidence: readonly Token[],
  takenOfClaim: ReadonlySet<number>,
  takenOfEvidence: ReadonlySet<number>,
): number {
  const told = sidesOf(evidence, takenOfEvidence);
  let opposed = 0;
  for (const [group, sides] of sidesOf(claim, takenOfClaim)) {
    const others = told.get(group);
    if (others !== undefined && [...sides].every((side) => !others.has(side))) opposed += 1;
  }
  return opposed;
}

const WIDE = new Set(
  "all every only always never none entire entirely everyone everything solely exclusively completely most first last".split(
    " ",
  ),
);

/** Words of the claim that say more than "some", and that the evidence doesn't say. */
export function widened(claim: readonly Token[], evidence: readonly Token[], taken: ReadonlySet<number>): number {
  const told = new Set(evidence.map(({ lower }) => lower));
  return claim.filter(({ lower }, i) => WIDE.has(lower) && !taken.has(i) && !told.has(lower)).length;
}
