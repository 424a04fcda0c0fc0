import type { Tone } from "../node-badges.js";

export function Badge({ text, tone = "neutral" }: { readonly text: string; readonly tone?: Tone }) {
  return (
    <span className="badge" data-tone={tone}>
      {text}
    </span>
  );
}
