import { Field, ID, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import type { Verification } from "../../audit/verify.js";
import type { AuditEntryRow } from "./audit-entries.query.js";

export const AuditOutcomeEnum = enumOf(["DONE", "REFUSED"]);
registerEnumType(AuditOutcomeEnum, { name: "AuditOutcome", description: "What became of what was asked." });

@ObjectType({
  simpleResolvers: true,
  description:
    "What somebody asked for, why, on which decision, and what became of it. Never changed after it was sealed.",
})
export class AuditEntry implements AuditEntryRow {
  @Field(() => ID, { description: "Its id: a ULID, without a label." })
  id!: string;

  @Field(() => Int, { nullable: true, description: "Its place in the log, counted from 0; null until it is sealed." })
  sequence!: number | null;

  @Field(() => Boolean, { description: "Whether a signed checkpoint covers it." })
  sealed!: boolean;

  @Field(() => DateTime, { description: "When it happened." })
  at!: Instant;

  @Field(() => String, { description: "The operation id that was given." })
  operationId!: string;

  @Field(() => String, { description: "What was asked for, such as `createEpisode`." })
  command!: string;

  @Field(() => String, { description: "The capability that it needed, such as `episode.write`." })
  capability!: string;

  @Field(() => AuditOutcomeEnum, { description: "Whether it was done." })
  outcome!: AuditEntryRow["outcome"];

  @Field(() => String, { nullable: true, description: "Key of whoever asked; null once it was erased." })
  actor!: string | null;

  @Field(() => String, { nullable: true, description: "Their name; null once it was erased." })
  actorName!: string | null;

  @Field(() => String, { nullable: true, description: "Key of the person whom an agent acted for." })
  onBehalfOf!: string | null;

  @Field(() => String, { nullable: true, description: "Why, in their words; null once it was erased." })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: "The decision record that it follows." })
  adr!: string | null;

  @Field(() => String, { description: "SHA-256 of command and input, hex." })
  inputHash!: string;

  @Field(() => String, { nullable: true, description: "SHA-256 of the result, hex; null for a refusal." })
  outputHash!: string | null;

  @Field(() => [String], { description: "The rules of the policy that denied it." })
  denied!: string[];

  @Field(() => String, {
    nullable: true,
    description: "SHA-256 of the policy that decided; null where none was asked.",
  })
  policy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "JSON of all that the decision rested on, where it denied or allowed what can't be taken back.",
  })
  decisionInput!: string | null;

  @Field(() => String, { nullable: true, description: "JSON: counts of a bulk command, or the problems of a refusal." })
  detail!: string | null;

  @Field(() => String, { nullable: true, description: "Hash of its leaf in the tree, hex; null until it is sealed." })
  leafHash!: string | null;

  @Field(() => Boolean, { description: "Whether its texts were erased; the log stays whole without them." })
  erased!: boolean;
}

@InputType({ description: "Entries for which all that is given holds." })
export class AuditEntryFilter {
  @Field(() => String, { nullable: true, description: "Key of whoever asked." })
  actor?: string | null;

  @Field(() => String, { nullable: true, description: "The capability that it needed." })
  capability?: string | null;

  @Field(() => AuditOutcomeEnum, { nullable: true, description: "Whether it was done." })
  outcome?: AuditEntryRow["outcome"] | null;

  @Field(() => String, { nullable: true, description: "The operation id that was given." })
  operationId?: string | null;

  @Field(() => DateTime, { nullable: true, description: "Not before this instant." })
  from?: Instant | null;

  @Field(() => DateTime, { nullable: true, description: "Not after this instant." })
  to?: Instant | null;

  @Field(() => String, { nullable: true, description: "A part of reason, name or command, in any case." })
  text?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "Whether the log is what was sealed, read from its beginning to its end.",
})
export class AuditVerification implements Verification {
  @Field(() => Boolean, {
    description: "True when every entry is as it was sealed, up to a checkpoint that is kept outside the database.",
  })
  ok!: boolean;

  @Field(() => Int, { description: "Entries from the beginning on that stand in their place." })
  size!: number;

  @Field(() => String, { description: "Root of the RFC 6962 tree over these, base64." })
  root!: string;

  @Field(() => Int, { description: "Entries that no checkpoint covers yet." })
  unsealed!: number;

  @Field(() => Int, { nullable: true, description: "The first sequence that can't be relied on; null when all can." })
  firstBad!: number | null;

  @Field(() => Int, { nullable: true, description: "Entries that the checkpoint outside covers; null without one." })
  anchored!: number | null;

  @Field(() => DateTime, { nullable: true, description: "When that checkpoint was kept; null without one." })
  anchoredAt!: Instant | null;

  @Field(() => String, { nullable: true, description: "What is wrong, in a sentence; null when nothing is." })
  problem!: string | null;
}
