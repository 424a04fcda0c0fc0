import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Reader } from "../../commands/judge.js";
import { channelsOfEpisode } from "./channel.repository.js";

/** Public ids of the channels that a change of this node touches: what channel switches and people held to channels are judged by. */
export async function channelsOf(reader: Reader, node: NodeId): Promise<readonly string[]> {
  if (node.label === "Channel") return [formatNodeId(node.label, node.id)];
  return node.label === "Episode" ? channelsOfEpisode(reader, node.id) : [];
}
