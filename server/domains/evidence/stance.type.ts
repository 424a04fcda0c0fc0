import { registerEnumType } from "type-graphql";
import { enumOf } from "../../graphql/enum.js";

export const StanceEnum = enumOf(["SUPPORTS", "CONTRADICTS", "CONSIDERED"]);
registerEnumType(StanceEnum, {
  name: "Stance",
  description: "How a fact bears on a claim: it SUPPORTS it, CONTRADICTS it, or was CONSIDERED and decides nothing.",
});
