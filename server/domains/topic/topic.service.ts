import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { text } from "../../commands/input.js";
import { refuse } from "../../commands/problem.js";
import { mergeNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { Reader } from "../../commands/judge.js";
import { topicByKey } from "./topic.repository.js";

/** Two spellings of a title that differ in case or white space are one topic. */
const topicKey = (title: string): string => title.toLowerCase().replace(/\s+/gu, " ");

/** Creates a topic; a title that a topic has already is a conflict. */
export const createTopic = defineCommand({
  name: "createTopic",
  capability: "topic.write",
  input: z.object({ title: text(300), description: text(5_000).nullish() }),
  async run({ tx, operationId, newId }, { title, description }) {
    const { at } = await lock(tx, []);
    const properties = { title, description: description ?? null };
    const merged = await mergeNode(tx, { label: "Topic", id: newId() }, topicKey(title), properties, {
      at,
      operationId,
    });
    if (!merged.created) throw refuse("CONFLICT", "title", `A topic of this title exists: Topic:${merged.id}.`);
    const id = `Topic:${merged.id}`;
    return { result: { topicId: id }, at, events: [{ type: "topic.created", subject: id, data: {} }] };
  },
});

/** The public id of the topic with this title; null where there is none. */
export async function topicOf(reader: Reader, title: string): Promise<string | null> {
  const [found] = await reader.run(topicByKey, { key: topicKey(title.normalize("NFC").trim()) });
  return found === undefined ? null : `Topic:${found.id}`;
}
