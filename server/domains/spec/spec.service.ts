import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { text, toProblems } from "../../commands/input.js";
import { Refusal, refuse } from "../../commands/problem.js";
import { keepBody } from "../../graph/body.query.js";
import { mergeNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { WriteTx } from "../../graph/graph.js";
import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import { channelsGoingBy } from "../channel/channels-of.service.js";
import { documentOf } from "../run/document.js";
import { compareSemver, followers, semver } from "./semver.js";
import { contentOf, specKey, specKind, specName } from "./spec.js";
import { MOST_VERSIONS, versionsOfSpec } from "./spec.repository.js";

const MOST_CONTENT = 50_000;

const spec = { kind: specKind, name: specName, version: semver };

/*
 * What a bare name means is changed for every channel that goes by it, and is judged as a change of them: who is held to some
 * channels takes none of the others along. A channel that takes the name up meanwhile takes what it then means.
 */

/** Who publishes or takes back does so one after the other in a studio: each decides on which version is the highest, or the current one. */
const lockLibrary = (tx: WriteTx) => lock(tx, [{ label: "Tenant", id: tx.tenantId }]);

function readContent(kind: SpecKind, name: string, version: string, given: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch (error) {
    throw refuse("BAD_INPUT", "content", `must be a JSON document: ${(error as Error).message}`);
  }
  const parsed = contentOf(kind, name, version).safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    toProblems(parsed.error).map((problem) => ({
      ...problem,
      path: problem.path === "" ? "content" : `content.${problem.path}`,
    })),
  );
}

/** Publishes a version of a template, prompt or QA spec: higher than every one before, and from then on what its bare name means. */
export const publishSpec = defineCommand({
  name: "publishSpec",
  capability: "channel.write",
  input: z.object({
    ...spec,
    content: z.string().max(MOST_CONTENT, `must be at most ${MOST_CONTENT} characters`),
    notes: text(5_000),
  }),
  channels: (tx, { kind, name }) => channelsGoingBy(tx, kind, name),
  async run({ tx, operationId, newId }, { kind, name, version, content, notes }) {
    const document = documentOf(readContent(kind, name, version, content));
    await lockLibrary(tx);
    const versions = await versionsOfSpec(tx, kind, name);
    const highest = versions
      .map((one) => one.semver)
      .sort(compareSemver)
      .at(-1);
    if (highest !== undefined && compareSemver(version, highest) <= 0)
      throw refuse(
        "CONFLICT",
        "version",
        `${name} is at ${highest}; publish a higher one, such as ${followers(highest).join(", ")}, or go back with rollbackSpec.`,
      );
    if (versions.length >= MOST_VERSIONS)
      throw refuse("CONFLICT", "name", `${name} has ${MOST_VERSIONS} versions already: go on under another name.`);
    const current = versions.filter((one) => one.current);
    const { at } = await lock(
      tx,
      current.map(({ ulid: id }) => ({ label: "SpecVersion", id })),
    );
    const stamp = { at, operationId };
    for (const one of current) await reviseNode(tx, one, { current: false }, newId(), stamp);
    await tx.run(keepBody, document);
    const properties = {
      title: `${name} ${version}`,
      ...{ kind, name, semver: version, contentHash: document.sha256, notes, current: true },
    };
    const made = await mergeNode(
      tx,
      { label: "SpecVersion", id: newId() },
      specKey(kind, name, version),
      properties,
      stamp,
    );
    const id = `SpecVersion:${made.id}`;
    return {
      result: { specId: id },
      at,
      events: [{ type: "spec.published", subject: id, data: { kind, name, version } }],
    };
  },
});

/** Makes a version that was published before the one that the bare name means again. The others stay, for whoever names them. */
export const rollbackSpec = defineCommand({
  name: "rollbackSpec",
  capability: "channel.write",
  input: z.object(spec),
  channels: (tx, { kind, name }) => channelsGoingBy(tx, kind, name),
  async run({ tx, operationId, newId }, { kind, name, version }) {
    await lockLibrary(tx);
    const versions = await versionsOfSpec(tx, kind, name);
    const wanted = versions.find((one) => one.semver === version);
    const current = versions.find((one) => one.current);
    if (wanted === undefined || current === undefined) {
      const known = versions
        .map((one) => one.semver)
        .sort(compareSemver)
        .join(", ");
      throw refuse(
        "NOT_FOUND",
        "version",
        `There is no ${kind} ${name} ${version}; there are: ${known.slice(0, 300) || "none"}.`,
      );
    }
    if (wanted.id === current.id) throw refuse("CONFLICT", "version", `${name} ${version} is the current one already.`);
    const { at } = await lock(tx, [
      { label: "SpecVersion", id: current.ulid },
      { label: "SpecVersion", id: wanted.ulid },
    ]);
    const stamp = { at, operationId };
    await reviseNode(tx, current, { current: false }, newId(), stamp);
    await reviseNode(tx, wanted, { current: true }, newId(), stamp);
    return {
      result: { specId: wanted.id },
      at,
      events: [{ type: "spec.rolled-back", subject: wanted.id, data: { kind, name, version, from: current.semver } }],
    };
  },
});
