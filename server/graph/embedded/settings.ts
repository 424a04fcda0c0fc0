import { totalmem } from "node:os";

/** Memory of the database, in MB. */
export interface Memory {
  readonly heapMb: number;
  readonly pageCacheMb: number;
}

/** A gigabyte of heap and half of page cache, less on a machine that hasn't got three times that. */
export function defaultMemory(totalMb: number = totalmem() / 2 ** 20): Memory {
  if (totalMb < 3_000) return { heapMb: 512, pageCacheMb: 128 };
  return { heapMb: 1_024, pageCacheMb: 512 };
}

/** The text of neo4j.conf. The heap isn't in it: without the server's shell scripts, only -Xmx sets that. */
export function neo4jConf(options: { port: number; memory: Memory }): string {
  return [
    "# Written at every start; changes here are lost.",
    "server.default_listen_address=127.0.0.1",
    `server.bolt.listen_address=127.0.0.1:${options.port}`,
    `server.bolt.advertised_address=127.0.0.1:${options.port}`,
    "server.http.enabled=false",
    "server.https.enabled=false",
    "dbms.usage_report.enabled=false",
    "dbms.security.auth_enabled=true",
    `server.memory.pagecache.size=${options.memory.pageCacheMb}m`,
    "db.tx_log.rotation.retention_policy=1 days 512M",
    // The databases are closed before this; waiting for silence on connections would only add ten seconds to each stop.
    "internal.dbms.bolt.netty_server_shutdown_quiet_period=0",
    "",
  ].join("\n");
}
