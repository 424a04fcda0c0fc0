import { z } from "zod";
import { ULID } from "../../graph-schema/node-id.js";

/** The public id of something that is no node of the graph's content, `Watch:<ulid>`; answers the ULID. */
export const plumbingId = (label: "Watch" | "Investigation") =>
  z
    .string()
    .regex(
      new RegExp(`^${label}:${ULID.source.slice(1, -1)}$`),
      `must be the id of ${label === "Watch" ? "a" : "an"} ${label}`,
    )
    .transform((value) => value.slice(label.length + 1));
