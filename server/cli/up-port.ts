import { createServer } from "node:net";
import { errno } from "../graph/embedded/problem.js";
import { CliError } from "./exit.js";

/** Told before the database has taken its seconds to start. */
export async function checkPort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error) => reject(portProblem(port, error)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

function portProblem(port: number, error: Error): CliError {
  if (errno(error) === "EADDRINUSE")
    return new CliError(
      `Port ${port} is in use by another program; choose another with --port, or leave it out for a free one.`,
    );
  if (errno(error) === "EACCES")
    return new CliError(`Port ${port} needs privileges that this user hasn't got; choose one above 1023.`);
  return new CliError(`Port ${port} can't be used (${error.message}); choose another with --port.`);
}
