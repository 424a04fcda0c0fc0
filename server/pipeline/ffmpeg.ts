import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { which } from "../graph/embedded/java.js";

/*
 * Whether videos can be rendered here, and by what: the configured ffmpeg, else one that came as a package, else the one of the PATH. A
 * configured one that can't be run is told, and nothing else is taken in its place.
 */

export type Ffmpeg =
  | {
      readonly found: true;
      readonly path: string;
      readonly by: string;
      readonly version: string;
      readonly said: string;
    }
  | { readonly found: false; readonly said: string; readonly remedy: string };

/** Packages that bring ffmpeg along; whoever wants one installs it, none is ours. */
const PACKAGES = ["ffmpeg-static", "@ffmpeg-installer/ffmpeg"] as const;
const VARIABLE = "THROUGHLINE_FFMPEG";
const REMEDY = `install it (such as \`apt-get install ffmpeg\`), or name it in ${VARIABLE}`;
const PATIENCE_MS = 10_000;

const run = promisify(execFile);

/** The version that a program says of itself; undefined for what isn't ffmpeg, or doesn't run. */
async function versionOf(path: string): Promise<string | undefined> {
  const { stdout } = await run(path, ["-version"], { timeout: PATIENCE_MS }).catch(() => ({ stdout: "" }));
  return /^ffmpeg version (\S+)/.exec(stdout)?.[1];
}

/** Where a package says that its ffmpeg is; undefined where it isn't installed, or has none for this machine. */
async function packaged(name: string): Promise<string | undefined> {
  const loaded = (await import(name).catch(() => undefined)) as { default?: unknown } | undefined;
  const told = loaded?.default;
  const path = typeof told === "object" && told !== null && "path" in told ? told.path : told;
  return typeof path === "string" ? path : undefined;
}

export interface Places {
  readonly which: (command: string) => Promise<string | undefined>;
  readonly packaged: (name: string) => Promise<string | undefined>;
}

export async function findFfmpeg(configured: string | null, places: Places = { which, packaged }): Promise<Ffmpeg> {
  const found = (path: string, by: string, version: string): Ffmpeg => ({
    ...{ found: true, path, by, version },
    said: `ffmpeg ${version} (${by})`,
  });
  if (configured !== null) {
    const version = await versionOf(configured);
    return version === undefined
      ? {
          found: false,
          said: `${VARIABLE} names ${configured}, which isn't an ffmpeg that runs`,
          remedy: `correct ${VARIABLE}, or unset it`,
        }
      : found(configured, VARIABLE, version);
  }
  for (const name of PACKAGES) {
    const path = await places.packaged(name);
    const version = path === undefined ? undefined : await versionOf(path);
    if (version !== undefined) return found(path!, `package ${name}`, version);
  }
  const path = await places.which("ffmpeg");
  const version = path === undefined ? undefined : await versionOf(path);
  if (version !== undefined) return found(path!, "PATH", version);
  return {
    found: false,
    said: "ffmpeg isn't here, so nothing is rendered; plans are made all the same",
    remedy: REMEDY,
  };
}

export type LookForFfmpeg = () => Promise<Ffmpeg>;

/** Looks once where it finds one, and each time anew where it doesn't. */
export function ffmpegFinder(configured: string | null): LookForFfmpeg {
  let known: Ffmpeg | undefined;
  return async () => {
    if (known?.found !== true) known = await findFfmpeg(configured);
    return known;
  };
}
