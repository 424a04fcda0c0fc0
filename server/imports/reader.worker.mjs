import { parentPort, workerData } from "node:worker_threads";
import { Readability } from "@mozilla/readability";
import { parseFeed } from "feedsmith";
import { DOMParser, parseHTML } from "linkedom";

/*
 * Reads what strangers wrote: pages and feeds. It runs in a thread of its own (reader.ts), because no rule of ours bounds what
 * a page can cost; time and memory of the thread do. Plain JavaScript, so that the same file starts from source and from the
 * build. Everything it answers is text: no markup leaves this file.
 */

/** As deep as browsers nest elements. */
const MAX_DEPTH = 512;
/** Elements of a page; the longest articles have some 20,000. */
const MAX_ELEMENTS = 200_000;
/** Characters of one entry's text. */
const MAX_ENTRY_TEXT = 20_000;

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
function textOf(root) {
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

const line = (value, max) => {
  if (typeof value !== "string") return null;
  const text = tidy(value).replace(/\s+/gu, " ");
  return text === "" ? null : cut(text, max);
};
/** Never in the middle of a surrogate pair. */
const cut = (text, max) => (text.length <= max ? text : text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "") + "…");

const instantOf = (value) => {
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

function refuse(message) {
  return Object.assign(new Error(message), { refused: true });
}

function bounded(document) {
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

/** A page: what it says of itself, and its article's text. */
export function readPage({ html }) {
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<!doctype html><html><body>${html}</body></html>`);
  if (!document.documentElement) throw refuse("It isn't HTML.");
  bounded(document);
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
  return {
    title: shown.cut && article?.title === shown.whole ? shown.title : (article?.title ?? null),
    byline: article?.byline ?? null,
    excerpt: article?.excerpt ?? null,
    siteName: article?.siteName ?? null,
    publishedTime: article?.publishedTime ?? null,
    publishedAt: [article?.publishedTime, ...times].map(instantOf).find((ms) => ms !== null) ?? null,
    canonical,
    text: text === "" ? whole : text,
    /** Whether an article was found in it; else the text is all that the page shows. */
    article: text !== "",
  };
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

/** Anything that may be markup, as text. */
export function plain(value) {
  if (typeof value !== "string" || value === "") return "";
  if (!/[<&]/.test(value)) return tidy(value);
  const { document } = parseHTML(`<!doctype html><html><body>${value}</body></html>`);
  bounded(document);
  return textOf(document.body);
}

/** An Atom text; what isn't text by its type came as base64. */
const valueOf = (text) => {
  if (typeof text === "string" || text === undefined || text === null) return text;
  const encoded = text.mode === "base64" || (/\//.test(text.type ?? "") && !/^text\/|xml|html/i.test(text.type));
  return encoded && typeof text.value === "string" ? unbase(text.value) : text.value;
};
const unbase = (value) => Buffer.from(value, "base64").toString("utf8");
/** Who somebody is by name; an address of theirs isn't kept where there is one. */
const personOf = (person) => {
  const given = typeof person === "string" ? person : (person?.name ?? person?.email ?? person?.uri);
  if (typeof given !== "string") return null;
  const named = /^\s*(\S.*?)\s*[(<]\s*\S+@\S+\s*[)>]\s*$/s.exec(given) ?? /^\s*\S+@\S+\s*\((.+)\)\s*$/s.exec(given);
  return named?.[1] ?? given;
};
const peopleOf = (...lists) => {
  const names = lists.flatMap((list) => list ?? []).map((person) => line(plain(personOf(person)), 300));
  return line([...new Set(names.filter((name) => name !== null))].join(", "), 300);
};
const first = (...values) => values.find((value) => typeof value === "string" && value.trim() !== "") ?? null;
/** Where an entry is; what it is an alternate of counts before what merely belongs to it. */
const linkOf = (links) =>
  first(
    ...["alternate", undefined].flatMap((rel) =>
      (links ?? []).filter((link) => link.rel === rel).map((link) => link.href),
    ),
  ) ??
  first(
    ...(links ?? [])
      .filter((link) => !["self", "edit", "enclosure", "replies", "hub"].includes(link.rel))
      .map((link) => link.href),
  );

const dcOf = (item) => item?.dc ?? {};
const listOf = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

const FROM_FEEDSMITH = {
  rss: (feed) => ({
    title: first(feed.title, ...listOf(dcOf(feed).titles ?? dcOf(feed).title)),
    link: first(feed.link, linkOf(feed.atom?.links)),
    author: peopleOf(
      listOf(feed.managingEditor),
      listOf(dcOf(feed).creators ?? dcOf(feed).creator),
      listOf(feed.itunes?.author),
    ),
    entries: (feed.items ?? []).map((item) => ({
      title: first(item.title, ...listOf(dcOf(item).titles ?? dcOf(item).title)),
      link: first(item.link, linkOf(item.atom?.links), item.guid?.isPermaLink === false ? null : item.guid?.value),
      id: first(item.guid?.value, item.atom?.id),
      author: peopleOf(
        item.authors,
        listOf(dcOf(item).creators ?? dcOf(item).creator),
        item.atom?.authors,
        listOf(item.itunes?.author),
      ),
      published: first(
        item.pubDate,
        item.atom?.published,
        ...listOf(dcOf(item).dates ?? dcOf(item).date),
        ...listOf(item.dcterms?.issued),
        item.atom?.updated,
      ),
      text: first(
        item.content?.encoded,
        item.description,
        valueOf(item.atom?.content),
        valueOf(item.atom?.summary),
        item.itunes?.summary,
      ),
    })),
  }),
  atom: (feed) => ({
    title: valueOf(feed.title),
    link: linkOf(feed.links),
    author: peopleOf(feed.authors),
    entries: (feed.entries ?? []).map((entry) => ({
      title: valueOf(entry.title),
      link: linkOf(entry.links),
      id: entry.id ?? null,
      author:
        peopleOf(entry.authors, listOf(dcOf(entry).creators ?? dcOf(entry).creator), entry.source?.authors) ??
        peopleOf(feed.authors),
      published: first(entry.published, entry.updated, ...listOf(dcOf(entry).dates ?? dcOf(entry).date)),
      text: first(valueOf(entry.content), valueOf(entry.summary)),
    })),
  }),
  rdf: (feed) => ({
    title: feed.title,
    link: feed.link,
    author: peopleOf(listOf(dcOf(feed).creators ?? dcOf(feed).creator)),
    entries: (feed.items ?? []).map((item) => ({
      title: item.title,
      link: first(item.link, item.rdf?.about),
      id: item.rdf?.about ?? null,
      author: peopleOf(listOf(dcOf(item).creators ?? dcOf(item).creator)),
      published: first(...listOf(dcOf(item).dates ?? dcOf(item).date)),
      text: first(item.content?.encoded, item.description),
    })),
  }),
  json: (feed) => ({
    title: feed.title,
    link: feed.home_page_url,
    author: peopleOf(feed.authors, listOf(feed.author)),
    entries: (feed.items ?? []).map((item) => ({
      title: item.title,
      link: first(item.url, item.external_url),
      id: item.id === undefined ? null : String(item.id),
      author: peopleOf(item.authors, listOf(item.author)) ?? peopleOf(feed.authors),
      published: first(item.date_published, item.date_modified),
      text: first(item.content_html, item.content_text, item.summary),
    })),
  }),
};

/**
 * What the library refuses: feeds of formats that came before, feeds with only elements that it doesn't know, and broken
 * ones. Nothing is guessed: an element that isn't there stays unknown.
 */
function fromElements(text) {
  const document = new DOMParser().parseFromString(text, "text/xml");
  const root = document.documentElement;
  if (!root || !["rss", "rdf", "feed", "channel"].includes(localName(root)))
    throw refuse("It is no feed: neither RSS, Atom, RDF, CDF nor JSON Feed.");
  bounded(document);
  const channel =
    localName(root) === "rss"
      ? (childOf(root, "channel") ?? root)
      : localName(root) === "rdf"
        ? (childOf(root, "channel") ?? root)
        : root;
  const holders = channel === root ? [root] : [channel, root];
  const items = holders.flatMap((holder) =>
    elementsOf(holder).filter((element) => ["item", "entry"].includes(localName(element))),
  );
  return {
    title: markupOf(channel, "title"),
    link: linkOfElement(channel),
    author: peopleOf(listOf(personOfElement(childOf(channel, "author") ?? childOf(channel, "managingeditor")))),
    entries: items.map((item) => ({
      title: markupOf(item, "title"),
      link: linkOfElement(item),
      id: markupOf(item, "guid") ?? markupOf(item, "id"),
      author: peopleOf(listOf(personOfElement(childOf(item, "author") ?? childOf(item, "creator")))),
      published: first(
        ...["pubdate", "published", "issued", "date", "updated", "modified", "created"].map((name) =>
          markupOf(item, name),
        ),
        attributeOf(item, "lastmod"),
      ),
      text: first(
        ...["encoded", "content", "fullitem", "body", "description", "summary", "abstract"].map((name) =>
          markupOf(item, name),
        ),
      ),
    })),
  };
}

const localName = (element) => element.nodeName.toLowerCase().replace(/^.*:/, "");
const elementsOf = (element) => [...element.childNodes].filter((node) => node.nodeType === 1);
const childOf = (element, name) => elementsOf(element).find((child) => localName(child) === name);
const attributeOf = (element, name) =>
  [...element.attributes].find((attribute) => attribute.name.toLowerCase() === name)?.value ?? null;
/** An element's content as a feed means it: markup within, or markup written as text. */
function markupOf(element, name) {
  const child = childOf(element, name);
  if (child === undefined) return null;
  if (attributeOf(child, "mode") === "base64") return unbase(child.textContent);
  return elementsOf(child).length > 0 ? child.innerHTML : child.textContent;
}
const linkOfElement = (element) => {
  const links = elementsOf(element).filter((child) => localName(child) === "link");
  const hrefs = links.map((link) => ({
    rel: attributeOf(link, "rel") ?? undefined,
    href: attributeOf(link, "href") ?? link.textContent,
  }));
  return linkOf(hrefs) ?? attributeOf(element, "href");
};
const personOfElement = (element) =>
  element &&
  (childOf(element, "name")?.textContent ??
    childOf(element, "email")?.textContent ??
    childOf(element, "url")?.textContent ??
    element.textContent);

/** A feed: what it says of itself, and its entries' texts. */
export function readFeed({ text, maxEntries }) {
  let read = null;
  try {
    // The library doesn't say what came as base64 in Atom 0.3.
    const isReadable = !/\smode\s*=\s*["']base64["']/.test(text);
    const { format, feed } = isReadable ? parseFeed(text) : {};
    read = FROM_FEEDSMITH[format]?.(feed) ?? null;
  } catch {
    // Below.
  }
  if (read === null || read.entries.length === 0) read = fromElementsOr(text, read);
  const entries = read.entries.slice(0, maxEntries);
  return {
    title: line(plain(read.title), 500),
    link: line(read.link, 2_000),
    author: read.author,
    total: read.entries.length,
    entries: entries.map((entry) => entryOf(entry)),
  };
}

function fromElementsOr(text, read) {
  if (/^\s*[{[]/.test(text)) {
    if (read === null) throw refuse("It is JSON, and no JSON Feed.");
    return read;
  }
  const own = fromElements(text);
  return read === null || own.entries.length > 0 ? own : read;
}

function entryOf(entry) {
  try {
    const text = plain(entry.text);
    return {
      title: line(plain(entry.title), 500),
      link: line(entry.link, 2_000),
      id: line(entry.id, 2_000),
      author: entry.author,
      publishedAt: instantOf(entry.published),
      text: cut(text, MAX_ENTRY_TEXT),
      cut: text.length > MAX_ENTRY_TEXT,
      problem: null,
    };
  } catch (error) {
    return {
      title: null,
      link: line(entry.link, 2_000),
      id: line(entry.id, 2_000),
      author: null,
      publishedAt: null,
      text: "",
      cut: false,
      problem: error.message,
    };
  }
}

const READERS = { page: readPage, feed: readFeed };

if (parentPort !== null && workerData?.reader !== undefined) {
  try {
    parentPort.postMessage({ read: READERS[workerData.reader](workerData) });
  } catch (error) {
    parentPort.postMessage({
      refused:
        error.refused === true
          ? error.message
          : "It can't be read: its markup is broken beyond what a browser would mend.",
    });
  }
}
