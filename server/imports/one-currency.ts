import type { Problem } from "../commands/problem.js";

/** The currency of a file: the first that a row tells. Amounts of several can't be added up, so rows in another are refused. */
export class OneCurrency {
  #first: { readonly currency: string; readonly line: number } | null = null;

  faultOf(currency: string | null, line: number): Problem | null {
    if (currency === null) return null;
    this.#first ??= { currency, line };
    if (this.#first.currency === currency) return null;
    return {
      code: "BAD_INPUT",
      path: "currency",
      message: `is ${currency}, and the file tells ${this.#first.currency} since line ${this.#first.line}: convert the amounts, or import what another channel earned in ${currency} as a file of its own`,
    };
  }
}
