import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { SNAPSHOT_KINDS, type SnapshotProperties } from "../../../graph-schema/nodes/snapshot.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const SnapshotKindEnum = enumOf(SNAPSHOT_KINDS);
registerEnumType(SnapshotKindEnum, {
  name: "SnapshotKind",
  description: "FULL: all that was there. EXCERPT: only a part is held.",
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "What was read at a source, once. It never changes.",
})
export class Snapshot extends GraphNode implements SnapshotProperties {
  @Field(() => String, { nullable: true, description: "The address of exactly this reading, such as a revision's." })
  url!: string | null;

  @Field(() => String, { nullable: true, description: "The source's own name for the revision that was read." })
  revision!: string | null;

  @Field(() => String, { description: "SHA-256 of the text as stored, UTF-8, hexadecimal." })
  sha256!: string;

  @Field(() => String, { description: "Media type of what was read, such as `text/html`." })
  mediaType!: string;

  @Field(() => DateTime, { description: "When it was read." })
  capturedAt!: Instant;

  @Field(() => SnapshotKindEnum, { description: "Whether all of it is held or an excerpt." })
  kind!: SnapshotProperties["kind"];

  @Field(() => Int, { description: "Length of the text as stored, in bytes of UTF-8." })
  bytes!: number;

  @Field(() => Boolean, { description: "True when the text was longer than 2 MB and its end was left out." })
  cut!: boolean;
}
