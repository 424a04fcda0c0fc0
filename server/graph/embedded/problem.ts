/** Why the embedded database can't run: one sentence that ends with the remedy, fit to be shown as it is. */
export class EmbeddedError extends Error {
  constructor(
    readonly kind:
      | "java"
      | "fetch"
      | "cache"
      | "store"
      | "password"
      | "disk"
      | "port"
      | "memory"
      | "running"
      | "docker"
      | "start",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "EmbeddedError";
  }
}

/** The code of a system error such as ENOENT, else undefined. */
export function errno(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
