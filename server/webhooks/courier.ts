import { systemCaller, type Caller } from "../commands/caller.js";

/** This process, with no more rights than the one who runs webhooks. */
export const courier = (tenantId: string): Caller => ({ ...systemCaller(tenantId), roles: ["operator"] });
