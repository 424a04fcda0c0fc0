import neo4j, { Neo4jError } from "neo4j-driver";
import { sleep } from "./processes.js";
import { accepts, listensOn } from "./port.js";
import { EmbeddedError } from "./problem.js";

export interface LoginOptions {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The process that must be the one that listens; undefined where a proxy listens for it. */
  readonly listenerPid: number | undefined;
  /** Resolves with the reason when the server has ended. */
  readonly ended: Promise<string>;
  readonly timeoutMs: number;
  readonly passwordFile: string;
  readonly signal: AbortSignal | undefined;
}

const REFUSED = new Set([
  "Neo.ClientError.Security.Unauthorized",
  "Neo.ClientError.Security.AuthenticationRateLimit",
  "Neo.ClientError.Security.CredentialsExpired",
]);

/** Waits until the server answers a query of ours. An open port alone proves nothing: it may be somebody else's. */
export async function awaitLogin(options: LoginOptions): Promise<void> {
  let ended: string | undefined;
  void options.ended.then((reason) => (ended = reason));
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    if (ended !== undefined) throw new Error(ended);
    if (Date.now() > deadline) throw new Error(`Neo4j didn't answer within ${Math.round(options.timeoutMs / 1000)} s`);
    if (!(await accepts(options.port))) {
      await sleep(50);
      continue;
    }
    if (options.listenerPid !== undefined && (await listensOn(options.listenerPid, options.port)) === false) {
      throw new EmbeddedError(
        "port",
        `Port ${options.port} was taken by another program before the database had it; start again.`,
      );
    }
    if (await answers(options)) return;
    await sleep(100);
  }
}

async function answers(options: LoginOptions): Promise<boolean> {
  const driver = neo4j.driver(`bolt://127.0.0.1:${options.port}`, neo4j.auth.basic(options.user, options.password), {
    connectionTimeout: 5_000,
    maxConnectionPoolSize: 1,
  });
  const session = driver.session({ defaultAccessMode: neo4j.session.READ });
  try {
    await session.run("RETURN 1");
    return true;
  } catch (error) {
    if (error instanceof Neo4jError && REFUSED.has(error.code)) {
      throw new EmbeddedError(
        "password",
        `The database refuses the password in ${options.passwordFile}; restore the file that belongs to this store, or remove this home with \`./throughline down --purge\`.`,
        { cause: error },
      );
    }
    return false;
  } finally {
    await session.close();
    await driver.close();
  }
}
