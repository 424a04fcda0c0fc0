import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { FrozenItem } from "../../domains/proposal/content.js";
import { enumOf } from "../../graphql/enum.js";
import { NodeLabelEnum } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const PACK_ITEM_KINDS = ["proposal", "approval", "decision", "node"] as const;
export const EvidencePackItemKindEnum = enumOf(PACK_ITEM_KINDS);
registerEnumType(EvidencePackItemKindEnum, {
  name: "EvidencePackItemKind",
  description:
    "What an item of an evidence pack is: the proposal, an approver's word, the decision of policy, or a node of the evidence as it was.",
});

@ObjectType({ description: "One item of an evidence pack, as it was frozen." })
export class EvidencePackItem {
  @Field(() => ID, {
    description: "Its name in the pack: the public id of what was frozen; `policy` for the decision.",
  })
  id!: string;

  @Field(() => EvidencePackItemKindEnum, { description: "What it is." })
  kind!: (typeof PACK_ITEM_KINDS)[number];

  @Field(() => String, { description: "All of it, as canonical JSON (RFC 8785)." })
  json!: string;
}

@ObjectType({ description: "How many items of one sort an evidence pack has." })
export class EvidencePackCount {
  @Field(() => EvidencePackItemKindEnum, { description: "What they are." })
  kind!: (typeof PACK_ITEM_KINDS)[number];

  @Field(() => NodeLabelEnum, { nullable: true, description: "Of nodes: their label." })
  label!: NodeLabel | null;

  @Field(() => Int, { description: "How many." })
  count!: number;
}

@ObjectType({
  description: "What an episode stood on when it was published, frozen in the transaction that published it.",
})
export class EvidencePack {
  @Field(() => ID, { description: "The episode." })
  episodeId!: string;

  @Field(() => DateTime, { description: "The instant that this answers for." })
  asOf!: Instant;

  @Field(() => String, { description: "SHA-256 of the pack, in hex; its proposal tells it too." })
  sha256!: string;

  @Field(() => ID, { description: "The proposal that was carried out." })
  proposalId!: string;

  @Field(() => String, { description: "What was done: `publishEpisode` or `correctEpisode`." })
  action!: string;

  @Field(() => String, { description: "SHA-256, in hex, of the content that approvers named." })
  contentHash!: string;

  @Field(() => DateTime, { description: "When it was carried out." })
  frozenAt!: Instant;

  @Field(() => Int, { description: "How many items it has." })
  itemCount!: number;

  @Field(() => [EvidencePackCount], { description: "What it holds, counted by kind and label, in order of its items." })
  contents!: readonly EvidencePackCount[];

  /** Its nodes, for whoever compares them with what became of them. */
  nodes!: readonly FrozenItem[];

  @Field(() => [EvidencePackItem], {
    description: "Its items behind the one named by `after`, by kind and id, at most as many as `first` says.",
  })
  items!: readonly EvidencePackItem[];
}
