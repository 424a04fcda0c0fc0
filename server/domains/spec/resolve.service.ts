import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import type { Reader } from "../../commands/judge.js";
import { refuse } from "../../commands/problem.js";
import { bodiesByHash } from "../../graph/body.query.js";
import { versionsOfSpec, type SpecVersionNode } from "./spec.repository.js";

export interface ResolvedSpec {
  readonly node: SpecVersionNode;
  readonly content: unknown;
}

/** The version that a reference means just now, with what it says; refuses, naming the field and what there is, when there is none. */
export async function resolveSpec(
  reader: Reader,
  kind: SpecKind,
  { name, semver }: { readonly name: string; readonly semver: string | null },
  path: string,
): Promise<ResolvedSpec> {
  const versions = await versionsOfSpec(reader, kind, name);
  const node = versions.find((one) => (semver === null ? one.current : one.semver === semver));
  if (node === undefined) {
    const known = versions.map((one) => one.semver).join(", ");
    const remedy =
      versions.length === 0
        ? `publish it with publishSpec, or look at specs(filter: {kind: [${kind}]})`
        : `there are ${known.slice(0, 300)}`;
    throw refuse("NOT_FOUND", path, `There is no ${kind} ${name}${semver === null ? "" : ` ${semver}`}: ${remedy}.`);
  }
  const [body] = await reader.run(bodiesByHash, { hashes: [node.contentHash] });
  if (body === undefined) throw new Error(`no text is kept of ${node.id}`);
  return { node, content: JSON.parse(body.text) };
}
