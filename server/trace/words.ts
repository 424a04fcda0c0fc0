/*
 * A text as words, numbers and marks, each with what it is compared by. No model and no dictionary beyond the lists here: the
 * same text gives the same words on every machine.
 */

/** Tokenised corpora write brackets as words. */
const BRACKETS: Readonly<Record<string, string>> = {
  "-LRB-": "(",
  "-RRB-": ")",
  "-LSB-": "[",
  "-RSB-": "]",
  "-LCB-": "{",
  "-RCB-": "}",
  "-COLON-": ":",
};
export const decodeBrackets = (value: string): string =>
  value.replace(/-(?:[LR][RSC]B|COLON)-/g, (token) => BRACKETS[token] ?? token);

export interface Token {
  readonly kind: "word" | "number" | "mark";
  readonly text: string;
  readonly lower: string;
  /** What it is compared by: the stem of a word, or the group of words that mean the same. */
  readonly stem: string;
  /** Carries nothing by itself, such as "the". */
  readonly empty: boolean;
  /** Begins with a capital, and not only because its sentence does. */
  readonly name: boolean;
  /** Whether white space stands before it. */
  readonly spaced: boolean;
  /** Number of its sentence, from 0. */
  readonly sentence: number;
}

const EMPTY = new Set(
  "a an the of in on at to for by with and or as is are was were be been being am has have had having it its this that these those from which who whom whose he she they him her his their them there also into than then so such we you i our your my do does did but if while when where what upon about out up s t which both each via per according".split(
    " ",
  ),
);

/** Words that say the same of most subjects. The first of a line stands for all of them. */
const SAME = `
die died dies death deaths dead passed deceased killed fatality fatalities
film films movie movies
earn earned earns gross grossed grosses grossing collected collect collection collections revenue made
rate rating rated ratings score scored scores approval
review reviews reviewer reviewers critic critics
case cases infection infections infected
coronavirus corona covid sars
recovery recoveries recovered recover
global globally world worldwide
win won wins winner winning victory defeat defeated beat beats beating
begin began begun begins start started starts starting launch launched commence commenced
create created creates found founded founder established establish formed form
become became becomes
write wrote written writes writer author authored
born birth birthplace birthday
marry married marries marriage wife husband spouse wed
child children kid kids
sing sang sung sings singer vocalist
act acted acting actor actress
play played plays player playing
direct directed directs director
sell sold sells selling sale sales
buy bought buys purchased purchase acquired acquire acquisition
build built builds constructed construction
leave left leaves departed exit
join joined joins signed sign
hold held holds holding
live lived lives living reside resides resided
large larger largest big bigger biggest
film-maker filmmaker
show series programme program
song single track
album record lp
announce announced announces announcement revealed reveal
release released releases premiere premiered premieres debuted debut aired
locate located situated based location
appear appeared appears featured feature starred star stars starring cast
confirm confirmed reported report reports recorded registered
population people inhabitants residents persons person
company firm corporation
receive received receives got obtain obtained given
say said says stated state claimed
know known called named name
get gain gained
teach taught teacher
footballer football soccer
game games videogame
goal goals
country nation
city town
job position post role
view views viewed viewer viewers
subscriber subscribers
average mean
critical criticized criticised
employ employed employs employee employees staff worker workers
head headed leader led lead leads leading
member members membership
receive recieved
sixth 6th
fight fought battle
take took taken takes
go went gone goes
give gave gives
see saw seen
run ran runs
meet met meets
speak spoke spoken
choose chose chosen selected select
grow grew grown raised
send sent
lose lost loses loss losses
find found-out discovered discover
quarter quarterly
travel traveller travellers traveler travelers travelled traveled
`;

const IRREGULAR = new Map<string, string>();
for (const line of SAME.trim().split("\n")) {
  const [first, ...others] = line.trim().split(/\s+/);
  for (const word of [first!, ...others]) if (!IRREGULAR.has(word)) IRREGULAR.set(word, first!);
}

/** Names that are written in several ways. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:the )?United States(?: of America)?\b|\bU\.\s?S\.(?:\s?A\.)?|\bUSA?\b/g, "America"],
  [/\b(?:the )?United Kingdom\b|\bU\.\s?K\.|\bUK\b/g, "Britain"],
  [/\bpassed away\b/g, "died"],
  [/\b(?:COVID|Covid|covid)-19\b/g, "coronavirus"],
  [/\bper cent\b/gi, "percent"],
];

const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(?:ies|ied)$/u, "y"],
  [/(?:ization|isation|izing|ising|ized|ised|izes|ises|ise)$/u, "ize"],
  [/(?:sses|sse)$/u, "ss"],
  [/(?:ations?|ators?|ating|ated|ates)$/u, "ate"],
  [/(?:ingly|edly)$/u, ""],
  [/(?:ings?|ed|er|ers|es|ly|or|ors)$/u, ""],
  [/(?<!s)s$/u, ""],
];

/** What inflections of a word have in common. English only; of other languages the words themselves are compared. */
export function stemOf(lower: string): string {
  const same = IRREGULAR.get(lower);
  if (same !== undefined) return same;
  if (lower.length <= 3) return lower;
  let stem = lower
    .replace(/ou(?=r)/u, "o")
    .replace(/tre$/u, "ter")
    .replace(/tres$/u, "ter");
  for (const [ending, then] of ENDINGS) {
    const cut = stem.replace(ending, then);
    if (cut !== stem && cut.length >= 3) {
      stem = cut;
      break;
    }
  }
  stem = stem.replace(/([b-df-hj-np-tv-z])\1$/u, "$1").replace(/(?<=..)e$/u, "");
  return IRREGULAR.get(stem) ?? stem;
}

const TOKEN = /(?<number>\d+(?:[.,]\d+)*)|(?<word>\p{L}[\p{L}\p{M}]*(?:['’](?!s\b)\p{L}+)*)|(?<mark>['’]s\b|[^\s])/gu;

/** Text as its writer meant it: Unicode NFC, brackets decoded, one kind of quotation mark, names in one way. */
export function cleanText(text: string): string {
  let clean = decodeBrackets(text.normalize("NFC"))
    .replace(/``|''|[“”«»]/g, '"')
    .replace(/[’‘`]/g, "'")
    .replace(/\[{2}(?:[^[\]|]*\|)?\s*([^[\]]*)\]{1,2}/g, "$1")
    .replace(/n't\b/g, " not")
    .replace(/\bcannot\b/gi, "can not");
  for (const [written, name] of ALIASES) clean = clean.replace(written, name);
  return clean;
}

export function tokensOf(text: string): Token[] {
  const clean = cleanText(text);
  const tokens: Token[] = [];
  let sentence = 0;
  let fresh = true;
  let end = 0;
  for (const match of clean.matchAll(TOKEN)) {
    const written = match[0];
    const kind =
      match.groups!["number"] === undefined ? (match.groups!["word"] === undefined ? "mark" : "word") : "number";
    const spaced = match.index > end || match.index === 0;
    if (kind === "mark" && /['’]s/.test(written)) {
      end = match.index + written.length;
      continue;
    }
    const before = tokens.at(-1);
    const capital = /^\p{Lu}/u.test(written);
    // Also "told.The next": some extracts lose the space. Initials end no sentence.
    const stopped = before !== undefined && /^[.!?]$/.test(before.text) && (tokens.at(-2)?.text.length ?? 0) > 1;
    const broken = /\n/.test(clean.slice(end, match.index));
    if (broken || (stopped && (capital || kind === "number") && !(kind === "number" && !spaced))) {
      sentence += 1;
      fresh = true;
    }
    const lower = written.toLowerCase();
    tokens.push({
      kind,
      text: written,
      lower,
      stem: kind === "word" ? stemOf(lower) : lower,
      empty: kind === "word" && EMPTY.has(lower),
      name:
        kind === "word" &&
        capital &&
        !EMPTY.has(lower) &&
        (!fresh ||
          /^\p{Lu}./u.test(clean.slice(match.index).replace(/^\S+\s+/u, "")) ||
          /\p{Lu}/u.test(written.slice(1))),
      spaced,
      sentence,
    });
    if (kind !== "mark") fresh = false;
    end = match.index + written.length;
  }
  return tokens;
}

/** Whether two stems are likely to be forms, or spellings, of one word. */
export function alike(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 4) return false;
  let common = 0;
  while (common < short.length && short[common] === long[common]) common += 1;
  if (common >= 4 && common >= 0.66 * long.length) return true;
  return short.length >= 6 && long.length - short.length <= 1 && common >= 1 && isOneEditApart(short, long, common);
}

/** One letter more, less or other, or two neighbours swapped: how words are mistyped. */
function isOneEditApart(short: string, long: string, common: number): boolean {
  if (short.length < long.length) return short.slice(common) === long.slice(common + 1);
  if (short.slice(common + 1) === long.slice(common + 1)) return true;
  return (
    short[common] === long[common + 1] &&
    short[common + 1] === long[common] &&
    short.slice(common + 2) === long.slice(common + 2)
  );
}
