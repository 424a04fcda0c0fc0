import { useState, type ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly about: string;
  /** Why it isn't offered; null when it is. */
  readonly barred?: string | null;
  readonly children: (close: () => void) => ReactNode;
}

/** One kind of change, closed until it is wanted. */
export function Fold({ title, about, barred = null, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <section className="fold" data-open={open || undefined}>
      <button type="button" className="fold-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <strong>{title}</strong>
        <span>{about}</span>
      </button>
      {open && (
        <div className="fold-body">
          {barred === null ? children(() => setOpen(false)) : <p className="card-note">{barred}</p>}
        </div>
      )}
    </section>
  );
}
