import { Field, ID, ObjectType } from "type-graphql";
import type { Role } from "../../../graph-schema/nodes/principal.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DateTime } from "../../graphql/scalars.js";
import type { AccessTokenRow } from "../../reads/access-tokens/access-tokens.query.js";

@ObjectType({
  description: "A token of an agent or a service, without the token itself, which is shown once and never kept.",
})
export class AccessToken implements Omit<
  AccessTokenRow,
  "actor" | "actorName" | "principalId" | "ownerId" | "onBehalfOf" | "onBehalfOfId"
> {
  @Field(() => ID, { description: "Its id, `AccessToken:…`: the token's `jti` behind the colon." })
  id!: string;

  @Field(() => [String], { description: "The capabilities that it is held to." })
  scopes!: string[];

  @Field(() => [String], { description: "The roles that it acts in, as far as its principal still has them." })
  roles!: Role[];

  @Field(() => String, { description: "Key of whoever issued it." })
  issuedBy!: string;

  @Field(() => DateTime, { description: "When it was issued." })
  issuedAt!: Instant;

  @Field(() => DateTime, { description: "When it ends by itself." })
  expiresAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When it was revoked, if it was." })
  revokedAt!: Instant | null;

  @Field(() => String, { nullable: true, description: "Key of whoever revoked it." })
  revokedBy!: string | null;
}
