/*
 * Which language a text is written in, by its script and by the small words that every sentence has. It says so only where it
 * is sure: a list of names, or a page of code, reads as none.
 */

/** The most frequent small words of a language. Those that several languages share stand in each of them. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: "the of and to in is was for that with as on by it at from are be this which or an have has not but were their its been had can more",
  de: "der die das und in zu den von mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie",
  fr: "de la le les et des en un une du dans est pour que qui par sur au pas plus ne se ce il sont avec son aux ses ou été cette mais",
  es: "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre",
  it: "di che e la il un a per è in una sono del non si con da della le i al dei come nel alla anche più ha gli ma delle lo",
  pt: "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou",
  nl: "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij uit door over naar hij wordt werd nog heeft",
  sv: "och i att det som en på är av för med till den har de inte om ett men var jag sig från vi så kan när år",
  pl: "w i na z się nie do to że jest o jak za od po przez ale dla są był jego tym być tak oraz czy",
  la: "et in ut est non ad sed cum qui ex quod aut eius sit amet dolor ipsum lorem dolore enim quis nulla elit tempor magna aliqua consectetur adipisicing adipiscing incididunt labore",
};
const LANGUAGES = Object.entries(SMALL_WORDS).map(([code, words]) => [code, new Set(words.split(" "))] as const);

/** Scripts that tell a language, or a few of them, by themselves. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Arabic}/gu, "ar"],
  [/\p{Script=Hebrew}/gu, "he"],
  [/\p{Script=Cyrillic}/gu, "ru"],
  [/\p{Script=Greek}/gu, "el"],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, "ja"],
  [/\p{Script=Han}/gu, "zh"],
  [/\p{Script=Hangul}/gu, "ko"],
  [/\p{Script=Devanagari}/gu, "hi"],
  [/\p{Script=Thai}/gu, "th"],
];

/** How much of a text is looked at, in characters. */
const SAMPLE = 40_000;
/** Words below which nothing is said. */
const FEWEST = 20;
/** Of all words, the share that a language's small words have at least; in prose they have some 0.3. */
const LEAST = 0.12;
/** How many times as many as the next language's. */
const CLEARLY = 1.5;

/** The code of ISO 639-1, or null where it can't be told. */
export function languageOf(text: string): string | null {
  const sample = text.slice(0, SAMPLE);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  // Japanese writes with Han too, so its own signs are looked for first.
  for (const [script, code] of SCRIPTS) if ((sample.match(script)?.length ?? 0) > 0.3 * letters) return code;
  const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length < FEWEST) return null;
  const shares = LANGUAGES.map(([code, small]) => ({ code, share: shareOf(words, small) })).sort(
    (a, b) => b.share - a.share,
  );
  const [first, second] = shares;
  return first!.share >= LEAST && first!.share >= CLEARLY * second!.share ? first!.code : null;
}

const shareOf = (words: readonly string[], small: ReadonlySet<string>): number =>
  words.filter((word) => small.has(word)).length / words.length;

/** What UTF-8 looks like that was read as windows-1252, and what stands for bytes that fit no encoding. */
const MISREAD = /\uFFFD|Ã[\u0080-\u00BF\u0192\u201A-\u2122]|â€[\u0080-\u2122]|Â[\u00A0-\u00BF]/gu;
/** Signs of a wrong encoding in a thousand characters, above which a text is damaged. */
const MOST_MISREAD = 3;

/** Whether the text was read in another encoding than it was written in. */
export function isMisread(text: string): boolean {
  const sample = text.slice(0, SAMPLE);
  const found = sample.match(MISREAD)?.length ?? 0;
  return found > Math.max(2, (sample.length / 1_000) * MOST_MISREAD);
}

const NAMES = new Intl.DisplayNames(["en"], { type: "language" });
/** What people call a language. */
export const languageName = (code: string): string => NAMES.of(code) ?? code;
