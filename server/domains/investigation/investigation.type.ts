import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { INVESTIGATIONS_OF } from "../../reads/investigations/investigations.query.js";

export const InvestigationsOfEnum = enumOf(INVESTIGATIONS_OF);
registerEnumType(InvestigationsOfEnum, {
  name: "InvestigationsOf",
  description: "MINE: those that the caller keeps. SHARED: those that others share with the studio.",
});

@ObjectType({ simpleResolvers: true, description: "A view of the page that somebody keeps, and may share." })
export class Investigation {
  @Field(() => ID, {
    description: "Its id: `Investigation:key`. Whoever of the studio knows the id of a shared one may read it.",
  })
  id!: string;

  @Field(() => String, { description: "What to call it." })
  title!: string;

  @Field(() => String, { description: "The view: a JSON object of the page's own, at most 64,000 bytes." })
  state!: string;

  @Field(() => String, { description: "Key of the principal who keeps it." })
  owner!: string;

  @Field(() => String, { description: "Their name." })
  ownerName!: string;

  @Field(() => Boolean, { description: "Whether the caller keeps it, and so may change it." })
  mine!: boolean;

  @Field(() => Boolean, { description: "Whether every member of the studio may read it." })
  shared!: boolean;

  @Field(() => Int, { description: "Counts its versions from 1; a change goes by it." })
  version!: number;

  @Field(() => DateTime, { description: "When it was kept first." })
  createdAt!: Instant;

  @Field(() => DateTime, { description: "When it was changed last." })
  updatedAt!: Instant;
}
