import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { which } from "../../server/graph/embedded/java.js";
import { environment } from "./env.js";

/*
 * ProvToolbox, the PROV library of the PROV-JSON and PROV-JSONLD submissions' author: an independent reader and writer of both. It is fetched
 * through Maven as the database is (checksums strict), once into the cache; only where a test may fetch its tool.
 */

const VERSION = "2.2.1";
const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const run = promisify(execFile);
const MINUTES = 60_000;

export type ProvFormat = "json" | "jsonld";

export interface ProvToolbox {
  /** Has it read a document and write what it understood, as the same format or the other. */
  convert(text: string, from: ProvFormat, to: ProvFormat): Promise<string>;
}

/** Undefined where it is neither cached nor may be fetched, or where there is no Java. */
export async function provToolbox(): Promise<ProvToolbox | undefined> {
  const java = await which("java");
  if (java === undefined) return undefined;
  const cache = environment.cache ?? join(environment.xdgCache ?? join(homedir(), ".cache"), "throughline");
  const folder = join(cache, `prov-toolbox-${VERSION}`);
  const there = await access(join(folder, `prov-interop-${VERSION}.jar`)).then(
    () => true,
    () => false,
  );
  if (!there) {
    if (!environment.fetchTools) return undefined;
    await fetchInto(folder, cache);
  }
  return { convert: (text, from, to) => convert(java, folder, text, from, to) };
}

async function fetchInto(folder: string, cache: string): Promise<void> {
  const maven = await which("mvn");
  if (maven === undefined) throw new Error("Maven isn't installed, and ProvToolbox comes through it");
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, `prov-toolbox-${VERSION}.partial-`));
  try {
    await writeFile(join(partial, "pom.xml"), POM);
    const output = `-DoutputDirectory=${partial}`;
    const goal = [`${PLUGIN}:copy-dependencies`, output, "-DincludeScope=runtime"];
    await run(maven, ["-B", "-C", "-f", join(partial, "pom.xml"), ...goal], { timeout: 5 * MINUTES, cwd: partial });
    // Whoever came first has fetched the same.
    await rename(partial, folder).catch(() => undefined);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>throughline</groupId>
  <artifactId>prov-toolbox</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.openprovenance.prov</groupId>
      <artifactId>prov-interop</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

async function convert(java: string, folder: string, text: string, from: ProvFormat, to: ProvFormat): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), "throughline-prov-"));
  const [read, written] = [join(work, `in.${from}`), join(work, `out.${to}`)];
  try {
    await writeFile(read, text);
    const main = "org.openprovenance.prov.interop.CommandLineArguments";
    const args = ["-infile", read, "-informat", from, "-outfile", written, "-outformat", to];
    // Whatever it can't read is an exception in its output, and no file.
    const { stdout, stderr } = await run(java, ["-Dfile.encoding=UTF-8", "-cp", join(folder, "*"), main, ...args], {
      timeout: 2 * MINUTES,
      maxBuffer: 64e6,
    });
    return await readFile(written, "utf8").catch(() => {
      throw new Error(`ProvToolbox wrote nothing:\n${`${stdout}\n${stderr}`.slice(0, 2_000)}`);
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
