import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../server/config.js";
import { findJavas, suitable } from "../../server/graph/embedded/java.js";
import { signal } from "../../server/graph/embedded/processes.js";
import { RELEASES } from "../../server/graph/embedded/releases.js";
import { provideServer } from "../../server/graph/embedded/server-files.js";
import { environment } from "../kit/env.js";
import { projectRoot } from "../kit/project-root.js";
import { Installation } from "./installation.js";

const TIMEOUT_MS = 240_000;
const java = suitable(await findJavas(), RELEASES.lts);

/**
 * Docker's command line as far as we use it, with a real Neo4j behind it instead of a container: no daemon is needed,
 * and what we tell Docker still has to be right for the server to come up.
 */
const DOCKER = (lib: string, state: string): string => `#!/bin/sh
set -eu
echo "$*" >>"${state}/calls"
case $1 in
info) echo 28.0.0 ;;
rm)
  name=$3
  [ ! -f "${state}/$name" ] || kill -KILL "$(cat "${state}/$name")" 2>/dev/null || :
  rm -f "${state}/$name"
  ;;
run)
  shift
  while [ $# -gt 0 ]; do
    case $1 in
    --name) name=$2; shift 2 ;;
    --publish) port=$(echo "$2" | cut -d: -f2); shift 2 ;;
    --volume) data=\${2%:/data}; shift 2 ;;
    --env-file) password=$(sed -n 's,^NEO4J_AUTH=neo4j/,,p' "$2"); shift 2 ;;
    --user) shift 2 ;;
    --rm) shift ;;
    *) image=$1; shift ;;
    esac
  done
  [ "$image" = neo4j:${RELEASES.lts.version}-community ]
  [ ! -f "${state}/$name" ] || { echo "the name $name is taken"; exit 125; }
  home=${state}/home-$name
  mkdir -p "$home/conf"
  printf 'server.bolt.listen_address=127.0.0.1:%s\\nserver.http.enabled=false\\nserver.directories.data=%s\\n' "$port" "$data" >"$home/conf/neo4j.conf"
  [ -d "$data/databases" ] || NEO4J_HOME=$home NEO4J_CONF=$home/conf "${java?.command}" -cp "${lib}/*" org.neo4j.cli.AdminTool dbms set-initial-password "$password"
  echo $$ >"${state}/$name"
  exec "${java?.command}" -Xmx512m ${RELEASES.lts.jvmOptions.filter((option) => option.startsWith("--add-opens")).join(" ")} -cp "${lib}/*" ${RELEASES.lts.mainClass} --home-dir="$home" --config-dir="$home/conf"
  ;;
esac
`;

describe.skipIf(java === undefined)("where Maven is missing and Docker runs", () => {
  let folder: string;
  let here: Installation;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "throughline-docker-"));
    const { cache } = loadConfig(
      { THROUGHLINE_CACHE: environment.cache, XDG_CACHE_HOME: environment.xdgCache },
      projectRoot,
    );
    const lib = await provideServer(cache, RELEASES.lts, { progress: (text) => process.stderr.write(`${text}\n`) });
    // A PATH with everything of this machine but Maven, and our Docker.
    const bin = join(folder, "bin");
    await rm(bin, { recursive: true, force: true });
    await mkdir(bin);
    for (const place of ["/usr/local/bin", "/usr/bin", "/bin"]) {
      for (const name of await readdir(place).catch(() => [])) {
        if (name !== "mvn" && name !== "docker")
          await symlink(join(place, name), join(bin, name)).catch(() => undefined);
      }
    }
    await writeFile(join(bin, "docker"), DOCKER(lib, folder), { mode: 0o755 });
    here = await Installation.create({ PATH: bin, THROUGHLINE_CACHE: join(folder, "cache") });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await here.remove();
    await rm(folder, { recursive: true, force: true });
  }, TIMEOUT_MS);

  it(
    "the pinned image runs, keeps its data over a kill -9, and is stopped and removed at the end",
    async () => {
      const first = await here.cli("up", "--empty", "--detach");
      expect(first.stderr).toContain(`running Neo4j ${RELEASES.lts.version} in Docker, as Maven isn't here`);
      expect(first.code, first.stderr).toBe(0);
      expect(await here.cli("tenant", "create", "kept")).toMatchObject({ code: 0 });
      signal((await here.status()).pid ?? 0, "SIGKILL");
      expect(await here.quiet(60_000)).toBe(true);
      expect(await here.cli("up", "--detach")).toMatchObject({ code: 0 });
      expect(await here.tenants()).toEqual(["demo", "kept"]);
      expect(await here.cli("down")).toMatchObject({ code: 0 });
      const calls = (await readFile(join(folder, "calls"), "utf8")).split("\n");
      const name = /--name (\S+)/.exec(calls.find((call) => call.startsWith("run ")) ?? "")?.[1];
      expect(calls.findLast((call) => call !== "")).toBe(`rm --force ${name}`);
      expect(await here.leftovers()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
