import { defineJob } from "./job.js";

export const deliverEvents = defineJob({
  name: "deliver-events",
  description: "Hands events to the webhooks that listen to them, and sends the deliveries whose time has come.",
  schedule: "* * * * * *",
  // A batch of deliveries to addresses that don't answer takes so long.
  timeoutMs: 120_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.deliver(tick),
  due: (tick) => tick.services.duties.countDeliveries(tick),
});
