/** A Neo4j server that we know how to run. */
export interface Release {
  readonly version: string;
  readonly mainClass: string;
  /** Major versions of Java that this server supports, both inclusive. */
  readonly java: { readonly min: number; readonly max: number; readonly text: string };
  readonly jvmOptions: readonly string[];
}

// As the server's own distribution sets them; pre-touching the heap is left out, it only slows a small start.
const JVM_OPTIONS = [
  "-XX:+UseG1GC",
  "-XX:-OmitStackTraceInFastThrow",
  "-XX:+DisableExplicitGC",
  "-XX:+ExitOnOutOfMemoryError",
  "-Dfile.encoding=UTF-8",
  "-Djdk.nio.maxCachedBufferSize=1024",
  "-Dio.netty.tryReflectionSetAccessible=true",
  "-Djdk.tls.ephemeralDHKeySize=2048",
  "-Dlog4j2.disable.jmx=true",
  "--add-opens=java.base/java.nio=ALL-UNNAMED",
  "--add-opens=java.base/java.io=ALL-UNNAMED",
  "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
  "--add-opens=java.base/java.lang=ALL-UNNAMED",
  "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
];

export const RELEASES = {
  /** The long-term support line; what `up` runs. */
  lts: {
    version: "5.26.30",
    mainClass: "org.neo4j.server.CommunityEntryPoint",
    java: { min: 17, max: 21, text: "Java 17 or 21" },
    jvmOptions: JVM_OPTIONS,
  },
  /** The current line, for the smoke test only. */
  current: {
    version: "2026.08.1",
    mainClass: "org.neo4j.server.Neo4jCommunity",
    java: { min: 21, max: 25, text: "Java 21 or newer" },
    jvmOptions: [...JVM_OPTIONS, "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"],
  },
} as const satisfies Record<string, Release>;
