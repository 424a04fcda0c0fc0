import { auditServer } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { newTenant } from "../kit/tenant.js";

describe("GraphQL over HTTP", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it("passes the audits of graphql-http without a warning or an error", async () => {
    const t = await newTenant();
    const authorization = `Bearer ${await api.token(t.id, "analyst")}`;
    const results = await auditServer({
      url: `${api.url}/graphql`,
      // Apollo's guard against other sites' requests wants this header of those that a form could send.
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...init.headers, authorization, "apollo-require-preflight": "true" } }),
    });
    expect(results.length).toBeGreaterThanOrEqual(61);
    const count = (status: string): number => results.filter((result) => result.status === status).length;
    console.log(
      `graphql-http: ${count("ok")} of ${results.length} audits ok, ${count("warn")} warnings, ${count("error")} errors, ${count("notice")} notices`,
    );
    const others = results.flatMap((result) =>
      result.status === "ok" ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
    );
    expect(others.filter((other) => /^(warn|error)/.test(other))).toEqual([]);
    expect(others.length, others.join("\n")).toBeLessThanOrEqual(3);
    expect(count("ok")).toBeGreaterThanOrEqual(58);
  });
});
