import { createToken, EmbeddedActionsParser, EOF, Lexer, tokenMatcher, type IToken, type TokenType } from "chevrotain";
import { isDamaged } from "../../commands/input.js";
import { DomainError } from "../../errors.js";
import type { Expression } from "./expression.js";
import { FIELDS, FIELD_NAMES, fieldOf, KIND_FIELDS } from "./words.js";

/** Bounds of an expression, held before anything is made of it. */
export const MAX_CHARACTERS = 4_000;
export const MAX_TERMS = 100;
export const MAX_NESTING = 20;
/** Hops that may be written; without a number there is no bound but the graph's. */
const MAX_HOPS = 100;

const Space = createToken({ name: "Space", pattern: /\s+/u, group: Lexer.SKIPPED, line_breaks: true });
export const Quoted = createToken({ name: "Quoted", pattern: /"(?:[^"\\]|\\[\s\S])*"/, line_breaks: true });
export const Word = createToken({ name: "Word", pattern: /[^\s"():+,<>]+/u });
const keyword = (name: string, pattern: RegExp) => createToken({ name, pattern, longer_alt: Word });
export const And = keyword("And", /and/i);
export const Or = keyword("Or", /or/i);
export const Not = keyword("Not", /not/i);
export const Whole = keyword("Whole", /\d+/);
export const Compared = createToken({ name: "Compared", pattern: /[<>]=?/ });
export const Open = createToken({ name: "Open", pattern: /\(/ });
export const Close = createToken({ name: "Close", pattern: /\)/ });
export const Plus = createToken({ name: "Plus", pattern: /\+/ });
export const Colon = createToken({ name: "Colon", pattern: /:/ });
export const Comma = createToken({ name: "Comma", pattern: /,/ });
const TOKENS = [Space, Quoted, And, Or, Not, Whole, Compared, Open, Close, Plus, Colon, Comma, Word];

const lexer = new Lexer(TOKENS, { positionTracking: "onlyOffset", safeMode: true });
export const tokensOf = (text: string) => lexer.tokenize(text);

const SAID = new Map<TokenType, string>([
  [And, "`and`"],
  [Or, "`or`"],
  [Not, "`not`"],
  [Open, "`(`"],
  [Close, "`)`"],
  [Plus, "`+`"],
  [Colon, "`:`"],
  [Comma, "`,`"],
  [Compared, "`>`, `>=`, `<` or `<=`"],
  [Whole, "a number"],
  [Word, "a word"],
  [Quoted, "a text in quotes"],
]);

interface Value {
  readonly text: string;
  readonly compared: string;
  readonly at: number;
}

/** What of a quoted text is meant; the pattern reads the backslashes before `*` and others itself. */
const unquoted = (token: IToken): string => (tokenMatcher(token, Quoted) ? token.image.slice(1, -1) : token.image);
const withoutEscapes = (text: string): string => text.replace(/\\([\s\S])/g, "$1");

function wrong(at: number, message: string): DomainError {
  return DomainError.badInput("expression", `\`expression\`, character ${at + 1}: ${message}`, at + 1);
}

function testOf(name: IToken | null, values: readonly Value[], at: number): Expression {
  const known = name === null ? ({ field: "title", label: null } as const) : fieldOf(name.image);
  if (known === null) {
    const all = [...FIELD_NAMES, ...KIND_FIELDS.map((kind) => kind.toLowerCase())];
    throw wrong(at, `expected a field, one of ${all.join(", ")}; put a title that has a colon in quotes.`);
  }
  const { field, label } = known;
  const read = values.map(({ text, compared, at: where }) => {
    const plainText = field === "title" || FIELDS[field].titles !== undefined ? text : withoutEscapes(text);
    const value = FIELDS[field].read(plainText, compared);
    if (value !== null) return value;
    throw wrong(where, `expected ${FIELDS[field].takes}, as the value of \`${label?.toLowerCase() ?? field}\`.`);
  });
  const test = { kind: "test", at, field, values: read } as Expression;
  if (label === null) return test;
  const kind: Expression = { kind: "test", at, field: "label", values: [label] };
  return values.every(({ text }) => /^\*+$/.test(text)) ? kind : { kind: "and", at, of: [kind, test] };
}

class SelectionParser extends EmbeddedActionsParser {
  constructor() {
    super(TOKENS, { recoveryEnabled: false, maxLookahead: 2 });
    this.performSelfAnalysis();
  }

  readonly expression = this.RULE("expression", (): Expression => this.SUBRULE(this.either));

  readonly either = this.RULE("either", (): Expression => {
    const of = [this.SUBRULE(this.both)];
    this.MANY(() => {
      this.CONSUME(Or);
      of.push(this.SUBRULE2(this.both));
    });
    return this.ACTION(() => (of.length === 1 ? of[0]! : { kind: "or", at: of[0]!.at, of }));
  });

  readonly both = this.RULE("both", (): Expression => {
    const of = [this.SUBRULE(this.negated)];
    this.MANY(() => {
      this.CONSUME(And);
      of.push(this.SUBRULE2(this.negated));
    });
    return this.ACTION(() => (of.length === 1 ? of[0]! : { kind: "and", at: of[0]!.at, of }));
  });

  readonly negated = this.RULE("negated", (): Expression =>
    this.OR([
      {
        ALT: () => {
          const not = this.CONSUME(Not);
          const of = this.SUBRULE(this.negated);
          return this.ACTION((): Expression => ({ kind: "not", at: not.startOffset, of }));
        },
      },
      { ALT: () => this.SUBRULE(this.reach) },
    ]),
  );

  readonly reach = this.RULE("reach", (): Expression => {
    let before: { hops: number | null; at: number } | undefined;
    let after: { hops: number | null } | undefined;
    this.OPTION(() => {
      const hops = this.OPTION2(() => this.CONSUME(Whole));
      const plus = this.CONSUME(Plus);
      before = this.ACTION(() => ({ hops: hopsOf(hops), at: (hops ?? plus).startOffset }));
    });
    const of = this.SUBRULE(this.primary);
    this.OPTION3(() => {
      this.CONSUME2(Plus);
      const hops = this.OPTION4(() => this.CONSUME2(Whole));
      after = this.ACTION(() => ({ hops: hopsOf(hops) }));
    });
    return this.ACTION((): Expression => {
      const at = before?.at ?? of.at;
      const ways: Expression[] = [];
      if (before !== undefined) ways.push({ kind: "reach", at, way: "UPSTREAM", hops: before.hops, of });
      if (after !== undefined) ways.push({ kind: "reach", at, way: "DOWNSTREAM", hops: after.hops, of });
      return ways.length === 2 ? { kind: "or", at, of: ways } : (ways[0] ?? of);
    });
  });

  readonly primary = this.RULE("primary", (): Expression =>
    this.OR([
      {
        ALT: () => {
          const open = this.CONSUME(Open);
          const inner = this.SUBRULE(this.either);
          this.CONSUME(Close);
          return this.ACTION((): Expression => ({ ...inner, at: open.startOffset }));
        },
      },
      {
        ALT: () => {
          const field = this.CONSUME(Word);
          this.CONSUME(Colon);
          const values = [this.SUBRULE(this.value)];
          this.MANY(() => {
            this.CONSUME(Comma);
            values.push(this.SUBRULE2(this.value));
          });
          return this.ACTION(() => testOf(field, values, field.startOffset));
        },
      },
      {
        ALT: () => {
          const title = this.OR2([{ ALT: () => this.CONSUME2(Word) }, { ALT: () => this.CONSUME(Quoted) }]);
          return this.ACTION(() => {
            const value = { text: unquoted(title), compared: "", at: title.startOffset };
            return testOf(null, [value], title.startOffset);
          });
        },
      },
    ]),
  );

  readonly value = this.RULE("value", (): Value => {
    const compared = this.OPTION(() => this.CONSUME(Compared));
    const token = this.OR([
      { ALT: () => this.CONSUME(Quoted) },
      { ALT: () => this.CONSUME(Whole) },
      { ALT: () => this.CONSUME(Word) },
    ]);
    // An id is two words: `Claim:01J…`.
    const rest = this.OPTION2(() => {
      this.CONSUME(Colon);
      return this.OR2([{ ALT: () => this.CONSUME2(Word) }, { ALT: () => this.CONSUME2(Whole) }]);
    });
    return this.ACTION(() => ({
      text: unquoted(token) + (rest === undefined ? "" : `:${rest.image}`),
      compared: compared?.image ?? "",
      at: (compared ?? token).startOffset,
    }));
  });
}

function hopsOf(token: IToken | undefined): number | null {
  if (token === undefined) return null;
  const hops = Number(token.image);
  if (hops >= 1 && hops <= MAX_HOPS) return hops;
  throw wrong(token.startOffset, `expected 1 to ${MAX_HOPS} hops; leave the number out for any number of them.`);
}

export const parser = new SelectionParser();

/** What may come behind these tokens. */
export const comesNext = (tokens: readonly IToken[]): TokenType[] => [
  ...new Set(parser.computeContentAssist("expression", [...tokens]).map(({ nextTokenType }) => nextTokenType)),
];

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

/** Refuses what breaks the grammar: where, what was expected there, and what to do. */
function unexpected(tokens: readonly IToken[], found: IToken, length: number): DomainError {
  const isEnd = tokenMatcher(found, EOF);
  const at = isEnd ? length : found.startOffset;
  const before = isEnd ? tokens : tokens.filter(({ startOffset }) => startOffset < at);
  const next = comesNext(before);
  const complete = next.includes(And);
  const open = before.filter((token) => tokenMatcher(token, Open)).length;
  const closed = before.filter((token) => tokenMatcher(token, Close)).length;
  // Behind a value a colon only goes on with an id.
  const offered = [...SAID].filter(([type]) => next.includes(type) && !(complete && type === Colon));
  const words = offered.map(([, said]) => said);
  if (complete && open === closed && !isEnd) words.push("the end");
  let remedy = 'Begin a term such as label:claim, "a title" or +episode:*.';
  if (complete && isEnd) remedy = "Close the parenthesis.";
  else if (complete && tokenMatcher(found, Close)) remedy = "Take the parenthesis away, or open one before it.";
  else if (complete) remedy = "Put `and` or `or` between two terms, and a title of several words in quotes.";
  return wrong(at, `expected ${listed(words)}. ${remedy}`);
}

export function bounded(text: string): void {
  if (text.length > MAX_CHARACTERS) {
    const most = `at most ${MAX_CHARACTERS.toLocaleString("en-GB")} characters and ${MAX_TERMS} terms`;
    const message = `\`expression\` has ${text.length.toLocaleString("en-GB")} characters and may have ${most}: select by a wildcard, a list such as tier:1,2, or in several questions.`;
    throw DomainError.badInput("expression", message, MAX_CHARACTERS + 1);
  }
  const damaged = [...text].findIndex((char) => !/\s/.test(char) && isDamaged(char));
  if (damaged >= 0) throw wrong(damaged, "expected no control characters or broken surrogates. Take it away.");
}

/** Reads an expression; BAD_INPUT that names the character where it goes wrong. */
export function parseExpression(text: string): Expression {
  bounded(text);
  const { tokens, errors } = tokensOf(text);
  const [torn] = errors;
  if (torn !== undefined)
    throw wrong(torn.offset, 'expected a closing quote. Close it, or write \\" for a quote inside a title.');
  if (tokens.length === 0)
    throw wrong(
      0,
      'expected a term such as label:claim, "a title" or +episode:*. An empty expression selects nothing.',
    );
  countTerms(tokens);
  parser.input = tokens;
  const expression = parser.expression();
  const [failed] = parser.errors;
  if (failed !== undefined) throw unexpected(tokens, failed.token, text.length);
  return expression;
}

export function countTerms(tokens: readonly IToken[]): void {
  const is = (token: IToken | undefined, ...types: TokenType[]) =>
    token !== undefined && types.some((type) => tokenMatcher(token, type));
  let [terms, open, nots] = [0, 0, 0];
  for (const [i, token] of tokens.entries()) {
    const isHops =
      is(token, Whole) && (is(tokens[i - 1], Plus) || is(tokens[i + 1], Plus)) && !is(tokens[i - 1], Colon);
    if (is(token, Word, Quoted, Whole) && !is(tokens[i + 1], Colon) && !isHops) terms++;
    if (is(token, Open)) open++;
    else if (is(token, Close)) open--;
    nots = is(token, Not) ? nots + 1 : 0;
    if (terms > MAX_TERMS)
      throw wrong(
        token.startOffset,
        `expected at most ${MAX_TERMS} terms. Select by a wildcard, or in several questions.`,
      );
    if (Math.max(open, nots) > MAX_NESTING)
      throw wrong(
        token.startOffset,
        `expected at most ${MAX_NESTING} of \`(\` or \`not\` within each other. Write it flatter.`,
      );
  }
}
