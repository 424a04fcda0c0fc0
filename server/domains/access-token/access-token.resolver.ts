import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { callerOf, type Context } from "../../graphql/context.js";
import { connectRows } from "../../graphql/connect-rows.js";
import { idArgument } from "../../graphql/connect.js";
import { LIMITS } from "../../graphql/limits.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { MutationInput, MutationPayload, perform } from "../../graphql/payload.js";
import { permitted } from "../../graphql/permitted.js";
import {
  countAccessTokens,
  readAccessToken,
  readAccessTokens,
  type AccessTokenRow,
} from "../../reads/access-tokens/access-tokens.query.js";
import { Principal } from "../principal/principal.type.js";
import { issueToken, MAX_TOKEN_DAYS, revokeToken } from "./access-token.service.js";
import { AccessToken } from "./access-token.type.js";

const { connection: AccessTokenConnection } = connectionTypes("AccessToken", () => AccessToken);

@ArgsType()
class TokenPage {
  @Field(() => Int, {
    defaultValue: LIMITS.first.default,
    description: `Rows of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

@InputType()
class IssueTokenInput extends MutationInput {
  @Field(() => ID, { description: "The agent or service that will act with it." })
  principalId!: string;

  @Field(() => ID, { description: "The person who answers for it." })
  ownerId!: string;

  @Field(() => ID, {
    nullable: true,
    description: "The person whom it acts for, if it does: it may then do what both may, and both stand in the audit.",
  })
  onBehalfOfId?: string | null;

  @Field(() => [String], { description: "The capabilities that it is held to, such as `evidence.write`." })
  scopes!: string[];

  @Field(() => [String], { nullable: true, description: "Some of the principal's roles; all of them without it." })
  roles?: string[] | null;

  @Field(() => Int, { description: `How long it is good for: 1 to ${MAX_TOKEN_DAYS} days.` })
  expiresInDays!: number;
}

@InputType()
class RevokeTokenInput extends MutationInput {
  @Field(() => ID, { description: "Which token, by its id (`AccessToken:…`)." })
  tokenId!: string;
}

@ObjectType()
class IssueTokenPayload extends MutationPayload {
  @Field(() => AccessToken, { nullable: true, description: "What is kept of it." })
  accessToken!: AccessTokenRow | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The token itself, for `Authorization: Bearer …`. Shown this once: null when the operation is sent again.",
  })
  token!: string | null;
}

@ObjectType()
class RevokeTokenPayload extends MutationPayload {
  @Field(() => AccessToken, { nullable: true, description: "What is kept of it." })
  accessToken!: AccessTokenRow | null;
}

const principal = ({ loaders, now }: Context, id: string) =>
  loaders.node.load({ key: idArgument("id", id, ["Principal"]), asOf: now });

@Resolver(() => AccessToken)
export class AccessTokenResolver {
  @Query(() => AccessTokenConnection, {
    description: "The tokens of agents and services, oldest first, those that have ended too. Needs `token.write`.",
  })
  async accessTokens(@Ctx() context: Context, @Args(() => TokenPage) page: TokenPage) {
    await permitted(context, "token.write");
    const { graph } = context.services;
    return connectRows(context, page, ["accessTokens"], {
      read: async (after, first) => {
        const { tokens, more } = await readAccessTokens(graph, context.scope, { after, first });
        return { rows: tokens, more };
      },
      count: (most) => countAccessTokens(graph, context.scope, most),
    });
  }

  @FieldResolver(() => ID, { description: "Its id, `AccessToken:…`: the token's `jti` behind the colon." })
  id(@Root() token: AccessTokenRow): string {
    return `AccessToken:${token.id}`;
  }

  @FieldResolver(() => Principal, { nullable: true, description: "The agent or service that acts with it." })
  principal(@Root() token: AccessTokenRow, @Ctx() context: Context) {
    return principal(context, token.principalId);
  }

  @FieldResolver(() => Principal, { nullable: true, description: "The person who answers for it." })
  owner(@Root() token: AccessTokenRow, @Ctx() context: Context) {
    return principal(context, token.ownerId);
  }

  @FieldResolver(() => Principal, { nullable: true, description: "The person whom it acts for." })
  onBehalfOf(@Root() token: AccessTokenRow, @Ctx() context: Context) {
    return token.onBehalfOfId === null ? null : principal(context, token.onBehalfOfId);
  }

  @Mutation(() => IssueTokenPayload, { description: "Issues a token of an agent or a service, which is shown once." })
  async issueToken(
    @Ctx() context: Context,
    @Arg("input", () => IssueTokenInput) input: IssueTokenInput,
  ): Promise<IssueTokenPayload> {
    const payload = await withToken(context, issueToken, input);
    const { accessToken, replayed } = payload;
    if (accessToken === null || replayed) return { ...payload, token: null };
    const { tenantId } = callerOf(context);
    const { actor, actorName: name, roles, scopes, onBehalfOf, expiresAt } = accessToken;
    const token = await context.signToken(
      { actor, name, tenantId, roles, scopes, tokenId: accessToken.id, ...(onBehalfOf === null ? {} : { onBehalfOf }) },
      expiresAt,
    );
    return { ...payload, token };
  }

  @Mutation(() => RevokeTokenPayload, {
    description: "Ends a token: for changes at once, for reads within a minute.",
  })
  revokeToken(@Ctx() context: Context, @Arg("input", () => RevokeTokenInput) input: RevokeTokenInput) {
    return withToken(context, revokeToken, input);
  }
}

/** Runs a command that answers a token's id, and reads what is kept of it. */
const withToken = (context: Context, command: typeof issueToken | typeof revokeToken, input: object) =>
  perform<{ tokenId: string }, { accessToken: AccessTokenRow | null }>(
    context,
    command,
    input,
    async ({ tokenId }) => ({
      accessToken: await readAccessToken(context.services.graph, context.scope, tokenId.slice("AccessToken:".length)),
    }),
    { accessToken: null },
  );
