import { Button, Group, Menu, Text, useMantineColorScheme } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { graphql } from "../gql/gql.js";
import { readFragment, type FragmentType } from "../gql/fragment-masking.js";
import { SwitchBanner } from "./governance/switch-banner.js";
import { AlertCount } from "./live/alert-count.js";
import { KeyHelp } from "./key-help.js";
import { SearchField } from "./search-field.js";
import { useAnnounce } from "./live-region.js";

const Shell_Viewer = graphql(/* GraphQL */ `
  fragment Shell_Viewer on Viewer {
    name
    roles
    tenant {
      id
      title
    }
  }
`);

interface Props {
  readonly viewer: FragmentType<typeof Shell_Viewer> | null;
  readonly children: ReactNode;
}

async function signOut(onProblem: (message: string) => void) {
  try {
    const answer = await fetch("/sign-out", { method: "POST", credentials: "same-origin" });
    if (answer.status >= 500) throw new Error(`status ${answer.status}`);
    // A full load, so that nothing read so far stays in memory.
    window.location.assign("/signed-out?reason=sign-out");
  } catch {
    onProblem("Signing out failed: the server can't be reached. You are still signed in.");
  }
}

function UserMenu({ viewer }: { readonly viewer: FragmentType<typeof Shell_Viewer> }) {
  const { name, tenant, roles } = readFragment(Shell_Viewer, viewer);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const announce = useAnnounce();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="sm" px="xs" className="user-button">
          <span className="user-button-text">
            <span className="user-button-tenant">{tenant.title}</span>
            <span className="user-button-name">
              {name} · {roles.join(", ")}
            </span>
          </span>
          <svg viewBox="0 0 10 6" width="10" height="6" aria-hidden="true" className="chevron">
            <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        {(["light", "dark", "auto"] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={colorScheme === scheme ? <Text size="xs">in use</Text> : null}
          >
            {{ light: "Light", dark: "Dark", auto: "As the system has it" }[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut(announce)}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const PLACES = [
  ["/weakest", "Weakest claims"],
  ["/select", "Select"],
  ["/investigations", "Saved views"],
  ["/episodes", "Episodes"],
  ["/blast-radius", "Blast radius"],
  ["/runs", "Runs"],
  ["/channels", "Channels"],
  ["/approvals", "Governance"],
] as const;

/** The places where the header has no room for them. */
function PlacesMenu() {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="sm" px={6} className="shell-places-menu" aria-label="Places">
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M2 4h12M2 8h12M2 12h12" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {PLACES.map(([href, name]) => (
          <Menu.Item key={href} component={Link} href={href}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Header, skip link and the place for the page; moves the focus to a page's heading when the path changes. */
export function Shell({ viewer, children }: Props) {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // On the first load the browser's own order is right; afterwards nothing else says that the page changed.
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
  return (
    <div className="shell">
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className="shell-header">
        <Link href="/" className="brand" aria-label="Throughline, home">
          <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
            <path d="M6 9h7c7 0 6 14 13 14" fill="none" stroke="var(--line)" strokeWidth="3" strokeLinecap="round" />
            <circle cx="6" cy="9" r="4" fill="var(--accent)" />
            <circle cx="26" cy="23" r="4" fill="var(--accent)" />
          </svg>
          <span className="brand-name">Throughline</span>
        </Link>
        <div className="shell-search">{path === "/" ? null : <SearchField compact />}</div>
        <Group gap={4} wrap="nowrap" className="shell-tools">
          {viewer !== null && (
            <nav className="shell-places" aria-label="Places">
              <Link href="/weakest" className="shell-link">
                Weakest
              </Link>
              <Link href="/select" className="shell-link">
                Select
              </Link>
              <Link href="/investigations" className="shell-link">
                Saved
              </Link>
              <Link href="/episodes" className="shell-link">
                Episodes
              </Link>
              <Link href="/blast-radius" className="shell-link">
                Corrections
              </Link>
              <Link href="/runs" className="shell-link">
                Runs
              </Link>
              <Link href="/channels" className="shell-link">
                Channels
              </Link>
              <Link href="/approvals" className="shell-link">
                Governance
              </Link>
            </nav>
          )}
          {viewer !== null && <AlertCount />}
          {viewer !== null && <PlacesMenu />}
          <KeyHelp />
          {viewer !== null && <UserMenu viewer={viewer} />}
        </Group>
      </header>
      {viewer !== null && <SwitchBanner />}
      <main id="main" ref={main} tabIndex={-1} className="shell-main">
        {children}
      </main>
    </div>
  );
}
