import { DomainError } from "../../errors.js";
export const MAX_CHARACTERS = 4_000;
export const MAX_TERMS = 100;
export type Expression = { readonly kind: string };
export function parseExpression(_text: string): Expression {
  throw new DomainError("UNAVAILABLE", "Selections can't be asked for yet.");
}
