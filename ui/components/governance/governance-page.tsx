import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useMay } from "../viewer.js";
import { useTitle } from "../use-title.js";

interface Props {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

/** Title, what the page is for, and the way to its neighbours; those that the viewer couldn't read aren't offered. */
export function GovernancePage({ title, about, children }: Props) {
  useTitle(title);
  const [path] = useLocation();
  const reads = useMay("audit.read");
  const places = [
    ["/approvals", "Approvals"],
    ["/governance", "Rules of evidence"],
    ["/switches", "Kill switches"],
    ["/members", "Members"],
    ...(reads ? [["/audit", "Audit"] as const, ["/policy", "Policy"] as const] : []),
  ] as const;
  return (
    <div className="page">
      <nav aria-label="Governance" className="places">
        {places.map(([href, name]) => (
          <Link key={href} href={href} aria-current={path.startsWith(href) ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <h1 className="page-title governance-title">{title}</h1>
      <p className="page-about">{about}</p>
      {children}
    </div>
  );
}
