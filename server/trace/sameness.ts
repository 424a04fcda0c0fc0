/** Letters and digits alone, in lower case: what a sentence has in common with itself elsewhere. */
export const sameness = (text: string): string =>
  (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(" ");
