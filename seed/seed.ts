import type { EpisodeStatus } from "../graph-schema/nodes/episode.js";
import type { Role } from "../graph-schema/nodes/principal.js";
import { CALLERS, COMMANDS, type Services } from "../server/services.js";
import { demo } from "./data/demo/demo.js";
import { northlight } from "./data/northlight/northlight.js";
import type { ClaimSeed, EpisodeSeed, SourceSeed, Studio } from "./studio.js";

/** Commands of one studio that run at once: what depends on what is loaded one kind after the other. */
const AT_ONCE = 8;
/** Characters before and after a quote that its selector keeps. */
const QUOTE_CONTEXT = 32;
const PEOPLE_SAY = "Demo studio";

/** Fills an empty store with the two demo studios. Run again it changes nothing: every operation has its name. */
export async function seedDemo(
  services: Services,
  progress: (message: string) => void = () => {},
  seal: Seal = async () => {},
): Promise<void> {
  for (const studio of [demo, northlight] as readonly Studio[]) {
    progress(`demo studio: ${studio.tenant.name}`);
    await new StudioLoader(services, studio, seal).load();
  }
}

/** Seals the audit of a tenant up to now: on a slow machine it lags so far that nothing may be published. */
export type Seal = (tenantId: string) => Promise<unknown>;

type CommandName = keyof typeof COMMANDS;
type Caller = ReturnType<(typeof CALLERS)["seed"]>;

/** What was proposed until an episode stood where it stands, and whether it was approved. */
const STEPS: Readonly<Record<EpisodeStatus, readonly (readonly [action: string, approved: boolean])[]>> = {
  DRAFT: [],
  IN_REVIEW: [["publishEpisode", false]],
  PUBLISHED: [["publishEpisode", true]],
  CORRECTED: [
    ["publishEpisode", true],
    ["correctEpisode", true],
  ],
  RETRACTED: [
    ["publishEpisode", true],
    ["retractEpisode", true],
  ],
};

class StudioLoader {
  /** Public ids by the data's keys. */
  readonly #ids = new Map<string, string>();

  constructor(
    private readonly services: Services,
    private readonly studio: Studio,
    private readonly seal: Seal,
  ) {}

  async load(): Promise<void> {
    const { studio } = this;
    await this.#onboard();
    await inParallel(studio.topics, ({ key, title, description }) =>
      this.#make("topicId", key, "createTopic", { title, description }),
    );
    // Everything is registered as it was when it was found; what became of it since is a version of its own.
    await inParallel(studio.sources, (source) => this.#source(source));
    await inParallel(studio.sources, (source) => this.#citations(source));
    // A fact may be computed from another source's: those sources wait for the rest, and keep their order.
    const later = studio.sources.filter((source) => !standsAlone(source));
    await inParallel(studio.sources.filter(standsAlone), (source) => this.#snapshots(source));
    for (const source of later) await this.#snapshots(source);
    await inParallel(studio.claims, (claim) => this.#claim(claim));
    await inParallel(studio.episodes, (episode) => this.#episode(episode));
    const waiting = studio.episodes.filter(({ status }) => status === "IN_REVIEW");
    await inParallel(
      studio.episodes.filter((episode) => !waiting.includes(episode)),
      (episode) => this.#decided(episode),
    );
    // What came to light later: nothing of it could have been published.
    await inParallel(studio.sources, (source) => this.#sourceNow(source));
    await inParallel(studio.claims, (claim) => this.#claimNow(claim));
    // What waits is proposed as it is now: an edit since would void it.
    await inParallel(waiting, (episode) => this.#decided(episode));
    for (const { key, affects, status: _status, openedAt, resolvedAt, ...incident } of studio.incidents) {
      const affectsIds = affects.map((ref) => this.#id(ref.key));
      await this.#make("incidentId", key, "openIncident", {
        ...incident,
        ...instants({ openedAt, resolvedAt }),
        affectsIds,
      });
    }
    for (const { key, about, basedOn, decidedAt, ...decision } of studio.decisions) {
      const aboutIds = about.map((ref) => this.#id(ref.key));
      const basedOnIds = basedOn.map((ref) => this.#id(ref.key));
      await this.#make("decisionId", key, "recordDecision", {
        ...decision,
        ...instants({ decidedAt }),
        aboutIds,
        basedOnIds,
      });
    }
  }

  async #onboard(): Promise<void> {
    const { tenant, principals, channels } = this.studio;
    const [admin] = principals.filter((principal) => principal.roles.includes("tenant-admin"));
    const [first] = channels;
    if (admin === undefined || first === undefined)
      throw new Error(`the studio ${tenant.id} needs a tenant-admin and a channel`);
    const system = CALLERS.system(tenant.id);
    const made = await this.#run("createTenant", system, "tenant", {
      ...tenant,
      admin: { key: admin.key, name: admin.name },
      channel: { title: first.title, platform: first.platform },
    });
    this.#ids.set(admin.key, made.adminId!).set(first.key, made.channelId!);
    for (const { key, ...principal } of principals) {
      const { principalId } = await this.#run("registerPrincipal", system, `principal/${key}`, { key, ...principal });
      this.#ids.set(key, principalId!);
    }
    for (const { key, owner, ...channel } of channels.slice(1)) {
      await this.#make("channelId", key, "createChannel", { ...channel, ownerId: this.#id(owner) });
    }
  }

  async #source({
    key,
    url,
    title,
    publisher,
    tier,
    reliability,
    independenceGroup,
    ...source
  }: SourceSeed): Promise<void> {
    const { publishedAt, retrievedAt } = source;
    await this.#make("sourceId", key, "registerSource", {
      url,
      title,
      publisher,
      // Nothing that stands on Tier 3 alone is published: it was rated so afterwards.
      tier: Math.min(tier, 2),
      reliability,
      independenceGroup,
      ...instants({ publishedAt, retrievedAt }),
    });
  }

  async #citations({ key, url, title, cites = [] }: SourceSeed): Promise<void> {
    if (cites.length === 0) return;
    const citesIds = cites.map((cited) => this.#id(cited));
    await this.#run("registerSource", this.#seed, `${key}/cites`, { url, title, citesIds }, "what it relies on");
  }

  async #sourceNow({ key, url, title, status, tier }: SourceSeed): Promise<void> {
    if (tier === 3) {
      const rated = "nobody edits it, as a closer look showed";
      await this.#run("setSourceRating", this.#seed, `${key}/tier`, { sourceId: this.#id(key), tier }, rated);
    }
    if (status === "ACTIVE") return;
    const found = `found ${status} on a later check`;
    await this.#run("registerSource", this.#seed, `${key}/now`, { url, title, status }, found);
  }

  async #claimNow({ key, status = "STATED", contradictedBy = [] }: ClaimSeed): Promise<void> {
    await this.#evidence(key, "CONTRADICTS", contradictedBy);
    if (status === "STATED") return;
    const found = `found ${status} on a later check`;
    await this.#run("setClaimStatus", this.#seed, `${key}/status`, { claimId: this.#id(key), status }, found);
  }

  async #snapshots({ key: sourceKey, snapshots }: SourceSeed): Promise<void> {
    for (const { key, facts, capturedAt, ...snapshot } of snapshots) {
      await this.#make("snapshotId", key, "captureSnapshot", {
        ...snapshot,
        ...instants({ capturedAt }),
        sourceId: this.#id(sourceKey),
      });
      for (const { key: factKey, exact, derivedFrom = [], ...fact } of facts) {
        const start = snapshot.text.indexOf(exact);
        const quote = {
          prefix: snapshot.text.slice(Math.max(0, start - QUOTE_CONTEXT), start),
          exact,
          suffix: snapshot.text.slice(start + exact.length, start + exact.length + QUOTE_CONTEXT),
        };
        const derivedFromIds = derivedFrom.map((one) => this.#id(one));
        await this.#make("factId", factKey, "extractFact", {
          ...fact,
          quote,
          snapshotId: this.#id(key),
          derivedFromIds,
        });
      }
    }
  }

  async #claim({ key, text, kind, supportedBy, considered = [] }: ClaimSeed): Promise<void> {
    await this.#make("claimId", key, "stateClaim", { text, kind });
    await this.#evidence(key, "SUPPORTS", supportedBy);
    await this.#evidence(key, "CONSIDERED", considered);
  }

  async #evidence(key: string, stance: "SUPPORTS" | "CONTRADICTS" | "CONSIDERED", facts: readonly string[]) {
    for (const fact of facts) {
      const name = `${key}/${stance.slice(0, 4).toLowerCase()}/${fact}`;
      const input = { claimId: this.#id(key), factId: this.#id(fact), stance };
      await this.#run("linkEvidence", this.#seed, name, input, `the fact ${stance.toLowerCase()} the claim`);
    }
  }

  async #episode({ key, title, channel, topic, owner, scenes }: EpisodeSeed): Promise<void> {
    const episodeId = await this.#make("episodeId", key, "createEpisode", {
      title,
      channelId: this.#id(channel),
      topicId: this.#id(topic),
      ownerId: owner === undefined ? undefined : this.#id(owner),
    });
    for (const [i, { title: sceneTitle, narration, claims }] of scenes.entries()) {
      const claimIds = claims.map((claim) => this.#id(claim));
      await this.#run("createScene", this.#seed, `${key}/scene/${i + 1}`, {
        episodeId,
        title: sceneTitle,
        ordinal: i + 1,
        narration,
        claimIds,
      });
    }
  }

  /** Brings an episode to where it stands, as anybody would: one proposes it, another approves. */
  async #decided({ key, status, publishedAt }: EpisodeSeed): Promise<void> {
    const [editor, approver] = [this.#person("editor"), this.#person("approver", "tenant-admin")];
    for (const [action, approved] of STEPS[status]) {
      const { proposalId, contentHash } = await this.#run("propose", editor, `${key}/${action}`, {
        action,
        subjectId: this.#id(key),
        ...(action === "publishEpisode" ? { arguments: instants({ publishedAt }) } : {}),
      });
      if (approved) await this.#run("approve", approver, `${key}/${action}/approval`, { proposalId, contentHash });
    }
  }

  get #seed(): Caller {
    return CALLERS.seed(this.studio.tenant.id);
  }

  /** Somebody of the studio with the first of these roles that anybody has. */
  #person(...wanted: readonly Role[]): Caller {
    const [found] = wanted.flatMap((role) => this.studio.principals.filter(({ roles }) => roles.includes(role)));
    if (found === undefined) throw new Error(`the studio ${this.studio.tenant.id} has no ${wanted.join(" or ")}`);
    return { ...this.#seed, actor: found.key, name: found.name, roles: found.roles };
  }

  /** Runs the command that makes the thing of this key, and remembers its id. */
  async #make(field: string, key: string, name: CommandName, input: object): Promise<string> {
    const result = await this.#run(name, this.#seed, key, input);
    const id = result[field];
    if (id === undefined) throw new Error(`${name} answers no ${field}`);
    this.#ids.set(key, id);
    return id;
  }

  async #run(
    name: CommandName,
    caller: Caller,
    key: string,
    input: object,
    reason = PEOPLE_SAY,
  ): Promise<Readonly<Record<string, string>>> {
    const operationId = `seed/${this.studio.tenant.id}/${key}`;
    const command = COMMANDS[name] as (typeof COMMANDS)["createTopic"];
    const run = () => this.services.execute(command, caller, { ...input, operationId, reason });
    let executed = await run();
    if (!executed.ok && executed.problems.some(({ code }) => code === "AUDIT_LAG")) {
      await this.seal(this.studio.tenant.id);
      executed = await run();
    }
    if (executed.ok) return executed.result;
    const why = executed.problems.map((problem) => `${problem.path}: ${problem.message}`).join(" ");
    throw new Error(`The demo studio can't be loaded: ${name} ${key}: ${why}`);
  }

  #id(key: string): string {
    const id = this.#ids.get(key);
    if (id === undefined) throw new Error(`the studio refers to ${key} before it is there`);
    return id;
  }
}

/** Whether its facts are computed from none but its own. */
function standsAlone({ snapshots }: SourceSeed): boolean {
  const facts = snapshots.flatMap((snapshot) => snapshot.facts);
  const own = new Set(facts.map(({ key }) => key));
  return facts.every(({ derivedFrom = [] }) => derivedFrom.every((key) => own.has(key)));
}

/** ISO texts as epoch milliseconds; what is absent stays so. */
function instants(texts: Readonly<Record<string, string | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, Date.parse(text)]])),
  );
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
