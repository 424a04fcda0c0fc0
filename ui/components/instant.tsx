const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const MINUTE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
/** How an open end is written in answers. */
const FOREVER = "9999-12-31";

export const isForever = (iso: string) => iso.startsWith(FOREVER);

export function formatInstant(iso: string, precision: "day" | "minute" = "minute"): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : (precision === "day" ? DAY : MINUTE).format(at);
}

/** An instant in the reader's own time zone; the exact one in UTC on hover. */
export function Instant({ at, precision }: { readonly at: string; readonly precision?: "day" | "minute" }) {
  return (
    <time dateTime={at} title={at}>
      {formatInstant(at, precision)}
    </time>
  );
}
