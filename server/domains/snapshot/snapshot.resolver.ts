import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import { SNAPSHOT_KINDS } from "../../../graph-schema/nodes/snapshot.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { Source } from "../source/source.type.js";
import { captureSnapshot } from "./snapshot.service.js";
import { Snapshot, SnapshotKindEnum } from "./snapshot.type.js";

@InputType()
class CaptureSnapshotInput extends MutationInput {
  @Field(() => ID, { description: "The source that was read." })
  sourceId!: string;

  @Field(() => String, {
    description: "What it said, as text: as much as a request may have, 1 MB.",
  })
  text!: string;

  @Field(() => SnapshotKindEnum, { description: "All of it, or an excerpt." })
  kind!: (typeof SNAPSHOT_KINDS)[number];

  @Field(() => String, { nullable: true, description: "The source's own name for this revision." })
  revision?: string | null;

  @Field(() => String, { nullable: true, description: "The address of exactly this reading; the source's without it." })
  url?: string | null;

  @Field(() => String, { nullable: true, description: "Media type of what was read; `text/plain` without it." })
  mediaType?: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it was read; now without it." })
  capturedAt?: Instant | null;
}

@ObjectType()
class CaptureSnapshotPayload extends MutationPayload {
  @Field(() => Snapshot, {
    nullable: true,
    description: "The snapshot; the earlier one when this text of this revision was held already.",
  })
  snapshot!: Snapshot | null;
}

@Resolver(() => Snapshot)
export class SnapshotResolver {
  @FieldResolver(() => String, { description: "What was read; an excerpt of it when `kind` is EXCERPT." })
  async text(@Root() snapshot: Snapshot, @Ctx() { loaders }: Context) {
    return (await loaders.snapshotText(snapshot)) ?? "";
  }

  @FieldResolver(() => Source, { nullable: true, description: "Where it was read." })
  async source(@Root() snapshot: At, @Ctx() { loaders }: Context) {
    return (
      (await loaders.step({ from: "Snapshot", type: "CAPTURED_FROM", direction: "out" }, snapshot))[0]?.node ?? null
    );
  }

  @Mutation(() => CaptureSnapshotPayload, {
    description: "Keeps what was read at a source. The same text of the same revision is the same snapshot.",
  })
  captureSnapshot(@Ctx() context: Context, @Arg("input", () => CaptureSnapshotInput) input: CaptureSnapshotInput) {
    return mutate(context, captureSnapshot, input, { snapshot: "snapshotId" });
  }
}
