import { parseFeed } from "feedsmith";
import { DOMParser } from "linkedom";
import { bounded, cut, instantOf, line, plain, refuse } from "./plain-text.mjs";

/** Characters of one entry's text. */
const MAX_ENTRY_TEXT = 20_000;

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
