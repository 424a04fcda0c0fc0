import { parseHTML } from "linkedom";

/* Strangers' markup as text that may be stored. A part of reader.worker.mjs. */

/** As deep as browsers nest elements. */
const MAX_DEPTH = 512;
/** Elements of a page; the longest articles have some 20,000. */
export const MAX_ELEMENTS = 200_000;
/** What of a document is no text of it, whatever it says. */
const SILENT = new Set(
  "HEAD SCRIPT STYLE NOSCRIPT TEMPLATE SVG MATH CANVAS SELECT TEXTAREA NOFRAMES FRAMESET".split(" "),
);
const BLOCK = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY THEAD TFOOT TR UL BODY".split(
    " ",
  ),
);

/** The text of an element, a paragraph per block, in one pass without recursion. */
export function textOf(root) {
  const parts = [];
  let node = root.firstChild;
  while (node) {
    const tag = node.nodeType === 1 ? node.nodeName.toUpperCase() : "";
    if (node.nodeType === 3 || node.nodeType === 4) parts.push(node.nodeValue.replace(/\s+/gu, " "));
    else if (tag === "BR") parts.push("\n");
    else if (BLOCK.has(tag)) parts.push("\n\n");
    else if (tag === "TD" || tag === "TH") parts.push(" ");
    if (node.firstChild && node.nodeType === 1 && !SILENT.has(tag)) {
      node = node.firstChild;
      continue;
    }
    while (node && node !== root && !node.nextSibling) {
      node = node.parentNode;
      if (node && node !== root && BLOCK.has(node.nodeName.toUpperCase())) parts.push("\n\n");
    }
    node = !node || node === root ? null : node.nextSibling;
  }
  return tidy(parts.join(""));
}

/**
 * Text as it may be stored: Unicode NFC, without control characters, halves of surrogate pairs, or marks that turn the
 * direction of what follows; white space is one space, a line end, or an empty line between paragraphs.
 */
export function tidy(text) {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // oxlint-disable-next-line no-control-regex -- finding them is the point
      .replace(
        /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069\uFFF9-\uFFFB]/g,
        "",
      )
      .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD")
      .normalize("NFC")
      .replace(/[^\S\n]+/gu, " ")
      .replace(/ ?\n ?/g, "\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim()
  );
}

export const line = (value, max) => {
  if (typeof value !== "string") return null;
  const text = tidy(value).replace(/\s+/gu, " ");
  return text === "" ? null : cut(text, max);
};
/** Never in the middle of a surrogate pair. */
export const cut = (text, max) =>
  text.length <= max ? text : text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "") + "…";

export const instantOf = (value) => {
  if (value instanceof Date) value = value.toISOString();
  if (typeof value !== "string") return null;
  const text = value.trim();
  // A time without a zone is taken for UTC: no reader's own zone may decide.
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$|\b(?:[A-Z]{1,5}|GMT[+-]\d+)$/.test(text);
  const dateOnly = /^\d{4}(-\d\d(-\d\d)?)?$/.test(text);
  const ms = Date.parse(
    zoned || dateOnly ? text : /^\d{4}-\d\d-\d\d[T ]/.test(text) ? text.replace(" ", "T") + "Z" : text + " GMT",
  );
  return Number.isFinite(ms) && Math.abs(ms) <= 253_402_300_799_999 ? ms : null;
};

export function refuse(message) {
  return Object.assign(new Error(message), { refused: true });
}

export function bounded(document) {
  let node = document.documentElement;
  let depth = 0;
  let elements = 0;
  while (node) {
    if (node.nodeType === 1 && ++elements > MAX_ELEMENTS)
      throw refuse(`It has more than ${MAX_ELEMENTS.toLocaleString("en")} elements; no page that people read has.`);
    if (node.firstChild) {
      node = node.firstChild;
      if (++depth > MAX_DEPTH)
        throw refuse(`Its elements are nested more than ${MAX_DEPTH} deep, where browsers stop too.`);
      continue;
    }
    while (node && !node.nextSibling) {
      node = node.parentNode;
      depth--;
    }
    node = node ? node.nextSibling : null;
  }
}

/** Anything that may be markup, as text. */
export function plain(value) {
  if (typeof value !== "string" || value === "") return "";
  if (!/[<&]/.test(value)) return tidy(value);
  const { document } = parseHTML(`<!doctype html><html><body>${value}</body></html>`);
  bounded(document);
  return textOf(document.body);
}
