import { tokensOf, type Token } from "../../trace/words.js";

const NO_NAME =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Every|Each|All|Any|Some|Many|Most|Two|Three|Four|First|Second|One)$/;

const isPart = ({ kind, name, text }: Token): boolean =>
  kind === "word" && name && /^\p{Lu}/u.test(text) && !NO_NAME.test(text);

/** What sentences name, most often named first; of equals the longer name, then the earlier. */
export function namesIn(sentences: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    let name: string[] = [];
    const end = () => {
      if (name.length > 0) counts.set(name.join(" "), (counts.get(name.join(" ")) ?? 0) + 1);
      name = [];
    };
    for (const token of tokensOf(sentence)) {
      if (isPart(token) && (name.length === 0 || token.spaced)) name.push(token.text);
      else {
        end();
        if (isPart(token)) name.push(token.text);
      }
    }
    end();
  }
  return [...counts]
    .filter(([name]) => name.length > 2)
    .sort(([a, n], [b, m]) => m - n || b.split(" ").length - a.split(" ").length)
    .map(([name]) => name);
}
