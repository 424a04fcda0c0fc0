import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import type { SWITCH_SCOPES } from "../../../graph-schema/nodes/kill-switch.js";
import type { Instant } from "../../../graph-schema/time.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { liftKillSwitch, setKillSwitch } from "./kill-switch.service.js";
import { KillSwitch, SwitchScopeEnum } from "./kill-switch.type.js";

const { connection: KillSwitchConnection } = connectionTypes("KillSwitch", () => KillSwitch);

@InputType()
class SetKillSwitchInput extends MutationInput {
  @Field(() => SwitchScopeEnum, { description: "What kind of thing it stops." })
  scope!: (typeof SWITCH_SCOPES)[number];

  @Field(() => String, {
    nullable: true,
    description: "CHANNEL: the channel's id. CAPABILITY: its name, such as `episode.publish`. TENANT: nothing.",
  })
  target?: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it ends by itself; without it it must be lifted." })
  expiresAt?: Instant | null;
}

@InputType()
class LiftKillSwitchInput extends MutationInput {
  @Field(() => ID, { description: "The switch." })
  killSwitchId!: string;
}

@ObjectType()
class SetKillSwitchPayload extends MutationPayload {
  @Field(() => KillSwitch, { nullable: true, description: "The switch." })
  killSwitch!: KillSwitch | null;
}

@ObjectType()
class LiftKillSwitchPayload extends SetKillSwitchPayload {}

const NOUNS = { killSwitch: "killSwitchId" } as const;

@Resolver(() => KillSwitch)
export class KillSwitchResolver {
  @Query(() => KillSwitchConnection, { description: "The kill switches, oldest first." })
  killSwitches(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("active", () => Boolean, {
      nullable: true,
      description:
        "True for those that weren't lifted: one that ended by itself is listed until that is noted, and isn't `active`.",
    })
    active?: boolean | null,
  ) {
    const filter = typeof active === "boolean" ? { status: [active ? "ON" : "LIFTED"] } : {};
    return connect(context, "KillSwitch", page, filter);
  }

  @FieldResolver(() => Boolean, { description: "Whether it stops anything at the instant asked for." })
  active(@Root() { status, expiresAt, asOf }: At<Extract<At, { label: "KillSwitch" }>>) {
    return status === "ON" && (expiresAt === null || expiresAt > asOf);
  }

  @Mutation(() => SetKillSwitchPayload, {
    description: "Stops changes, whoever makes them and wherever, from now on. Switches themselves are never stopped.",
  })
  setKillSwitch(@Ctx() context: Context, @Arg("input", () => SetKillSwitchInput) input: SetKillSwitchInput) {
    return mutate(context, setKillSwitch, input, NOUNS);
  }

  @Mutation(() => LiftKillSwitchPayload, { description: "Lifts a switch. CONFLICT when it was lifted already." })
  liftKillSwitch(@Ctx() context: Context, @Arg("input", () => LiftKillSwitchInput) input: LiftKillSwitchInput) {
    return mutate(context, liftKillSwitch, input, NOUNS);
  }
}
