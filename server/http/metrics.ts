import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import { POLICY_METRICS } from "../policy/metrics.js";
import { failedLooks } from "../reads/lineage-changed/looks.js";

/** Tenants with a label of their own; the rest share one, so that labels stay bounded. */
const MAX_TENANTS = 200;

export interface Metrics {
  readonly registry: Registry;
  request(labels: {
    route: string;
    method: string;
    status: number;
    tenantId: string | undefined;
    seconds: number;
  }): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of POLICY_METRICS) registry.registerMetric(metric);
  registry.registerMetric(failedLooks);
  const labelNames = ["route", "method", "status", "tenant_id"] as const;
  const requests = new Counter({
    name: "throughline_http_requests_total",
    help: "Requests answered",
    labelNames,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "throughline_http_request_duration_seconds",
    help: "Time from a request's arrival to its answer's end",
    labelNames: ["route", "tenant_id"] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers: [registry],
  });
  const tenants = new Set<string>();
  const tenantLabel = (tenantId: string | undefined): string => {
    if (tenantId === undefined) return "none";
    if (tenants.size < MAX_TENANTS) tenants.add(tenantId);
    return tenants.has(tenantId) ? tenantId : "other";
  };
  return {
    registry,
    request({ route, method, status, tenantId, seconds: took }) {
      const tenant_id = tenantLabel(tenantId);
      requests.inc({ route, method, status: String(status), tenant_id });
      seconds.observe({ route, tenant_id }, took);
    },
  };
}
