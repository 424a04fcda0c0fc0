import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "./config.js";

const root = "/srv/throughline";
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env, root);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe("configuration", () => {
  it("needs nothing", () => {
    expect(loadConfig({}, root)).toEqual({
      home: join(root, ".throughline"),
      cache: join(homedir(), ".cache", "throughline"),
      database: null,
      region: "local",
      regionsFile: null,
      policy: { url: null, shadow: null },
      logLevel: "info",
      jobs: true,
      checkpointUrl: undefined,
      production: false,
      publicUrl: null,
      oidc: null,
      secrets: { folder: null, given: {} },
      limits: { ratePerSecond: 1_000, burst: 5_000, concurrency: 50, queue: 1_000, requestsPerDay: 10_000_000 },
      trustedProxies: [],
      metricsToken: null,
      webhookNetworks: [],
      importNetworks: [],
      executorsFile: null,
      ffmpeg: null,
    });
  });

  it("takes a home from the checkout on, or absolute", () => {
    expect(loadConfig({ THROUGHLINE_HOME: "elsewhere" }, root).home).toBe(join(root, "elsewhere"));
    expect(loadConfig({ THROUGHLINE_HOME: "/var/lib/throughline" }, root).home).toBe("/var/lib/throughline");
  });

  it("looks for the cache where it's told, then where the desktop says", () => {
    expect(loadConfig({ XDG_CACHE_HOME: "/var/cache" }, root).cache).toBe("/var/cache/throughline");
    expect(loadConfig({ XDG_CACHE_HOME: "/var/cache", THROUGHLINE_CACHE: "/mnt/cache" }, root).cache).toBe(
      "/mnt/cache",
    );
  });

  it("asks a policy elsewhere only by https, or on this machine", () => {
    const urlOf = (url: string) => loadConfig({ THROUGHLINE_POLICY_URL: url }, root).policy.url;
    for (const url of ["https://opa.example/base", "http://127.0.0.1:8181", "http://localhost:8181"])
      expect(urlOf(url)).toBe(url);
    for (const url of ["http://opa.example", "ftp://opa.example", "opa.example", "https://me:secret@opa.example"])
      expect(problemsOf({ THROUGHLINE_POLICY_URL: url }), url).toEqual([
        "THROUGHLINE_POLICY_URL: expected an https address, or http on this machine, without a password in it",
      ]);
  });

  it("takes a file or an address for the policy in the shadow", () => {
    const shadowOf = (text: string) => loadConfig({ THROUGHLINE_POLICY_SHADOW: text }, root).policy.shadow;
    expect(shadowOf("candidate/policy.wasm")).toEqual({ path: join(root, "candidate/policy.wasm") });
    expect(shadowOf("https://opa.example")).toEqual({ url: "https://opa.example" });
    expect(problemsOf({ THROUGHLINE_POLICY_SHADOW: "http://opa.example" })).toHaveLength(1);
  });

  it("takes an empty variable for an absent one", () => {
    expect(loadConfig({ NEO4J_URI: "", THROUGHLINE_REGION: "", THROUGHLINE_HOME: "" }, root)).toEqual(
      loadConfig({}, root),
    );
  });

  it("trusts the proxies that it is told of, and takes nothing but addresses and networks for one", () => {
    const trusted = (list: string) => loadConfig({ THROUGHLINE_TRUSTED_PROXIES: list }, root).trustedProxies;
    expect(trusted("10.0.0.0/8, 192.168.1.7,fd00::/8")).toEqual(["10.0.0.0/8", "192.168.1.7", "fd00::/8"]);
    for (const wrong of ["proxy.example", "10.0.0.0/33", "10.0.0.1,", "true", "10.0.0", "::/129"])
      expect(problemsOf({ THROUGHLINE_TRUSTED_PROXIES: wrong }), wrong).toEqual([
        expect.stringMatching(/^THROUGHLINE_TRUSTED_PROXIES: /),
      ]);
  });

  it("takes another database as named, as neo4j if nobody says who", () => {
    const given = { NEO4J_URI: "neo4j+s://graph.example:7687", NEO4J_PASSWORD: "secret" };
    expect(loadConfig(given, root).database).toEqual({
      uri: "neo4j+s://graph.example:7687",
      user: "neo4j",
      database: undefined,
    });
    expect(loadConfig(given, root).secrets.given["neo4j-password"]).toBe("secret");
    expect(loadConfig({ ...given, NEO4J_USER: "studio", NEO4J_DATABASE: "eu" }, root).database).toMatchObject({
      user: "studio",
      database: "eu",
    });
  });

  it.each(["bolt://h", "bolt+s://h", "bolt+ssc://h:1", "neo4j://h", "neo4j+ssc://h:7687/"])(
    "takes the address %s",
    (uri) => {
      expect(problemsOf({ NEO4J_URI: uri, NEO4J_PASSWORD: "x" })).toEqual([]);
    },
  );

  it.each(["http://h", "localhost:7687", "bolt:h", "neo4j+x://h", "bolt:// h"])("refuses the address %s", (uri) => {
    expect(problemsOf({ NEO4J_URI: uri, NEO4J_PASSWORD: "x" })).toHaveLength(1);
  });

  it("names everything that is wrong at once", () => {
    const problems = problemsOf({
      NEO4J_URI: "http://h",
      THROUGHLINE_REGION: "EU West",
      THROUGHLINE_LOG_LEVEL: "loud",
    });
    expect(problems.map((problem) => problem.split(":")[0]).sort()).toEqual([
      "NEO4J_PASSWORD",
      "NEO4J_URI",
      "THROUGHLINE_LOG_LEVEL",
      "THROUGHLINE_REGION",
    ]);
  });

  it("never repeats a password", () => {
    expect(problemsOf({ NEO4J_URI: "http://h", NEO4J_PASSWORD: "hunter2-hunter2" }).join("\n")).not.toContain(
      "hunter2",
    );
  });

  it("takes the networks that webhooks may lead into, and nothing that is none", () => {
    const networks = (list: string) => loadConfig({ THROUGHLINE_WEBHOOK_NETWORKS: list }, root).webhookNetworks;
    expect(networks("127.0.0.1/32, fd00::/8")).toEqual(["127.0.0.1/32", "fd00::/8"]);
    for (const bad of ["127.0.0.1", "10.0.0.0/33", "localhost", "10.0.0.0/8,", "*"])
      expect(problemsOf({ THROUGHLINE_WEBHOOK_NETWORKS: bad }), bad).toEqual([
        "THROUGHLINE_WEBHOOK_NETWORKS: networks are like 10.1.0.0/16,::1/128",
      ]);
  });

  it("is for production when Node says so", () => {
    expect(loadConfig({ NODE_ENV: "production" }, root).production).toBe(true);
    expect(loadConfig({ NODE_ENV: "development" }, root).production).toBe(false);
  });
});
