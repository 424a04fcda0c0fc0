import { getDomain } from "tldts";

const TRACKING = /^(utm_[a-z]+|fbclid|gclid|mc_[ce]id)$/;

/** One spelling for one address: host in lower case, no default port, fragment or tracking parameters, parameters in order. */
export function normalizeUrl(address: string): string {
  const url = new URL(address);
  url.hash = "";
  url.username = "";
  url.password = "";
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  return url.href;
}

/** Whether a text is what sources are grouped by where nobody said otherwise. */
export function isRegistrable(domain: string): boolean {
  try {
    return independenceGroupOf(`https://${domain}/`) === domain;
  } catch {
    return false;
  }
}

/** Who stands behind an address when nobody said: its registrable domain, else its host. */
export function independenceGroupOf(address: string): string {
  const { hostname } = new URL(address);
  return getDomain(hostname) ?? hostname;
}
