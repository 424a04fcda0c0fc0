import { describe, expect, it } from "vitest";
import { addressProblem, isReachable, pin, type Reach } from "./reach.js";

const open: Reach = { networks: [], httpsOnly: false };

/** Every way to write an address that isn't public. A URL's parser turns the odd ones into the plain ones. */
const INSIDE = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://127.0.0.1./",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.0.0.1/",
  "http://017700000001/",
  "http://0177.0.0.01/",
  "http://0/",
  "http://0.0.0.0/",
  "http://10.0.0.1/",
  "http://172.16.0.1/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://169.254.170.2/",
  "http://2852039166/",
  "http://100.100.100.200/",
  "http://100.64.0.1/",
  "http://168.63.129.16/",
  "http://192.0.0.192/",
  "http://198.18.0.1/",
  "http://192.0.2.1/",
  "http://224.0.0.1/",
  "http://240.0.0.1/",
  "http://255.255.255.255/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::ffff:169.254.169.254]/",
  "http://[0:0:0:0:0:ffff:10.0.0.1]/",
  "http://[::127.0.0.1]/",
  "http://[::ffff:0:127.0.0.1]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[64:ff9b:1::7f00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[2001:0:7f00:1::]/",
  "http://[2001:db8::1]/",
  "http://[fe80::1]/",
  "http://[fec0::1]/",
  "http://[fc00::1]/",
  "http://[fd00:ec2::254]/",
  "http://[ff02::1]/",
  "http://１２７.0.0.1/",
  "http://①②⑦.⓪.⓪.①/",
];

describe("an address", () => {
  it.each(INSIDE)("%s is inside, however it is written", (address) => {
    expect(addressProblem(address, open)).toBe("leads into a network that isn't public");
  });

  it("is http or https without a user, and https alone in production", () => {
    for (const bad of [
      "ftp://example.com/",
      "file:///etc/passwd",
      "gopher://example.com/",
      "nonsense",
      "//example.com",
    ])
      expect(addressProblem(bad, open), bad).not.toBeNull();
    expect(addressProblem("https://user:pass@example.com/", open)).toContain("user");
    expect(addressProblem("http://example.com/", open)).toBeNull();
    expect(addressProblem("http://example.com/", { ...open, httpsOnly: true })).toContain("https");
    expect(addressProblem("https://example.com/hook?x=1", { ...open, httpsOnly: true })).toBeNull();
    expect(addressProblem("https://93.184.215.14/", open)).toBeNull();
    expect(addressProblem("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", open)).toBeNull();
  });

  it("inside is allowed where the configuration names its network, and only there", () => {
    const reach = { networks: ["127.0.0.1/32", "10.1.0.0/16", "::1/128"] };
    for (const allowed of ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "::1"])
      expect(isReachable(allowed, reach), allowed).toBe(true);
    for (const other of ["127.0.0.2", "10.2.0.1", "::2", "169.254.169.254", "localhost", "", "127.0.0.1/32"])
      expect(isReachable(other, reach), other).toBe(false);
  });
});

describe("a name", () => {
  const pinned = (addresses: readonly string[], networks: readonly string[] = []) =>
    pin(new URL("https://hooks.example/"), { networks, httpsOnly: true, resolve: async () => addresses });

  it("is pinned to the first of its addresses when all are public", async () => {
    expect(await pinned(["93.184.215.14", "93.184.215.15"])).toEqual({ address: "93.184.215.14", family: 4 });
    expect(await pinned(["2606:2800::1"])).toEqual({ address: "2606:2800::1", family: 6 });
  });

  it("leads nowhere when one of its addresses is inside, or it has none", async () => {
    expect(await pinned(["93.184.215.14", "127.0.0.1"])).toBeNull();
    expect(await pinned(["::ffff:10.0.0.1"])).toBeNull();
    expect(await pinned(["169.254.169.254"], ["127.0.0.1/32"])).toBeNull();
    expect(await pinned([])).toBeNull();
  });

  it("of this machine is inside", async () => {
    expect(await pin(new URL("http://localhost/"), open)).toBeNull();
  });
});
