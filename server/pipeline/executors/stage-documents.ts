import type { z } from "zod";
import type { DOCUMENTS_OF_STAGES } from "../tasks.js";

/* What stages hand to each other, by name. */

type Document<D extends keyof typeof DOCUMENTS_OF_STAGES> = z.infer<(typeof DOCUMENTS_OF_STAGES)[D]>;

export type Plan = Document<"plan">;
export type Scoring = Document<"scoring">;
export type Script = Document<"script">;
export type Qa = Document<"qa">;
export type Finding = Qa["findings"][number];
