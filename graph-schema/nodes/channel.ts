import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** A place where episodes are published. */
export const channel = defineNode({
  label: "Channel",
  shape: z.object({ platform: z.string(), url: optional(z.string()) }),
  key: "platform and handle",
  searched: true,
});
export type ChannelProperties = z.infer<typeof channel.shape>;
