import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import type { Reader } from "../../commands/judge.js";
import { configFrom, namesIn } from "./channel-config.js";
import { channelsOfEpisode, configsNaming } from "./channel.repository.js";

/** Public ids of the channels that a change of this node touches: what channel switches and people held to channels are judged by. */
export async function channelsOf(reader: Reader, node: NodeId): Promise<readonly string[]> {
  if (node.label === "Channel") return [formatNodeId(node.label, node.id)];
  return node.label === "Episode" ? channelsOfEpisode(reader, node.id) : [];
}

/**
 * Public ids of the channels whose runs go by whatever the bare name of a spec means: another meaning changes them. One that names
 * a version isn't among them.
 */
export async function channelsGoingBy(reader: Reader, kind: SpecKind, name: string): Promise<readonly string[]> {
  const found = await configsNaming(reader, name);
  return found.filter(({ config }) => namesIn(configFrom(config), kind).includes(name)).map(({ id }) => id);
}
