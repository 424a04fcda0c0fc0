import { milliseconds, type FlowStage } from "../../graph-schema/documents/flow.js";

/** Milliseconds before the try behind `failures` of them: longer each time, and less a part left to chance, so that those who failed together don't come back together. */
export function retryMs(
  { backoff: { first, factor, most, jitter } }: Pick<FlowStage, "backoff">,
  failures: number,
  random: () => number = Math.random,
): number {
  const pause = Math.min(milliseconds(most), milliseconds(first) * factor ** (failures - 1));
  return Math.round(pause * (1 - jitter * random()));
}
