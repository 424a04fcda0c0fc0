import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { bounded, instantOf, line, MAX_ELEMENTS, refuse, textOf } from "./plain-text.mjs";

/** What stands in a page's head, where its tag is left out too. */
const OF_HEAD = new Set("TITLE META LINK BASE STYLE SCRIPT NOSCRIPT TEMPLATE".split(" "));

/** A page: what it says of itself, and its article's text. */
export function readPage({ html }) {
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<!doctype html><html>${html}</html>`);
  if (!document.documentElement) throw refuse("It isn't HTML.");
  bounded(document);
  partHeadAndBody(document);
  const canonical = hrefOf(document, 'link[rel~="canonical"]') ?? metaOf(document, "og:url");
  const whole = document.body ? textOf(document.body) : "";
  const times = [metaOf(document, "article:published_time"), timeOf(document)];
  const shown = siteless(document.title);
  let article = null;
  try {
    article = new Readability(document, { serializer: (element) => element, maxElemsToParse: MAX_ELEMENTS }).parse();
  } catch {
    // What it can't read is read as a whole.
  }
  const text = article?.content ? textOf(article.content) : "";
  const said = {
    title: shown.cut && article?.title === shown.whole ? shown.title : (article?.title ?? null),
    byline: article?.byline ?? null,
    excerpt: article?.excerpt ?? null,
    siteName: article?.siteName ?? null,
  };
  return {
    ...said,
    kept: {
      title: line(said.title, 500),
      byline: line(said.byline, 300),
      excerpt: line(said.excerpt, 500),
      publisher: line(said.siteName, 300),
    },
    publishedTime: article?.publishedTime ?? null,
    publishedAt: [article?.publishedTime, ...times].map(instantOf).find((ms) => ms !== null) ?? null,
    canonical,
    text: text === "" ? whole : text,
    /** Whether an article was found in it; else the text is all that the page shows. */
    article: text !== "",
  };
}

/** HTML lets the tags of head and body be left out, and this parser takes what is missing for empty. */
function partHeadAndBody(document) {
  const root = document.documentElement;
  const children = [...root.childNodes];
  const [head, body] = ["head", "body"].map(
    (tag) => children.find(({ nodeName }) => nodeName.toLowerCase() === tag) ?? document.createElement(tag),
  );
  let isBody = false;
  const before = [];
  for (const node of children) {
    if (node === head || (node.nodeType === 3 && node.nodeValue.trim() === "")) continue;
    if (node === body) isBody = true;
    else if (!isBody && before.length === 0 && OF_HEAD.has(node.nodeName.toUpperCase())) head.append(node);
    else if (isBody) body.append(...(node.nodeName.toUpperCase() === "BODY" ? node.childNodes : [node]));
    else before.push(node);
  }
  body.prepend(...before);
  root.replaceChildren(head, body);
}

/** Readability cuts a site's name off a title behind a hyphen; a dash parts them as well. */
function siteless(given) {
  const whole = (given ?? "").trim();
  const found = /^(.+) [–—] [^–—]+$/u.exec(whole);
  const isCut = found !== null && found[1].split(/\s+/).length >= 3 && !/[–—]/u.test(found[1]);
  return { whole, title: isCut ? found[1] : whole, cut: isCut };
}

const hrefOf = (document, selector) => document.querySelector(selector)?.getAttribute("href")?.trim() || null;
const metaOf = (document, name) =>
  document.querySelector(`meta[property="${name}"]`)?.getAttribute("content")?.trim() || null;
const timeOf = (document) =>
  document.querySelector("time[pubdate], article time[datetime]")?.getAttribute("datetime")?.trim() || null;
