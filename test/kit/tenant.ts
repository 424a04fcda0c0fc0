import { ulid } from "ulid";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import { DEFAULT_REGION } from "../../server/config.js";
import { execute, type Executed } from "../../server/commands/execute.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import type { Scope } from "../../server/graph/graph.js";
import { testOffice } from "./office.js";

let counter = 0;

/** An operation id that nothing else has. */
export const operationId = (): string => `test/${ulid()}`;

/** An ULID that counts up within a process whatever its clock does, so that ids are in the order of their making. */
const nextId = (): string => ulid();

export interface TestTenant {
  readonly id: string;
  /** A tenant with the same nodes under the same ids: a query without its tenant predicate sees everything twice. */
  readonly twinId: string;
  readonly scope: Scope;
  readonly twinScope: Scope;
  readonly adminId: string;
  readonly channelId: string;
  /** Somebody of this tenant with these roles. */
  caller(...roles: Role[]): Caller;
  /** Runs a command, and the same one in the twin with the same ids when it was done. */
  execute<I, R>(command: Command<I, R>, input: object, caller?: Caller): Promise<Executed<R>>;
  /** The same, for commands that must succeed; `twinInput` is what differs in the twin. */
  run<I, R>(command: Command<I, R>, input: object, caller?: Caller, twinInput?: object): Promise<R>;
  /** Somebody else of this tenant, known by this key. */
  person(key: string, ...roles: Role[]): Caller;
}

/** A tenant of its own for a test, with its admin, one channel, and its twin. */
export async function newTenant(): Promise<TestTenant> {
  const id = `t${process.pid}-${++counter}-${ulid().slice(-8).toLowerCase()}`;
  const twinId = `${id}-twin`;
  const caller = (...roles: Role[]): Caller => ({
    tenantId: id,
    actor: "tester",
    name: "Tess Tester",
    roles,
    region: DEFAULT_REGION,
  });

  async function mirrored<I, R>(
    command: Command<I, R>,
    given: object,
    who: Caller,
    twinInput: object,
  ): Promise<Executed<R>> {
    const input = { operationId: operationId(), reason: "a test", ...given };
    const ids: string[] = [];
    const office = testOffice(() => {
      const made = nextId();
      ids.push(made);
      return made;
    });
    const executed = await execute(office, command, who, input);
    if (executed.ok && !executed.replayed) {
      const twin = testOffice(() => ids.shift() ?? nextId());
      const again = await execute(twin, command, { ...who, tenantId: twinId }, { ...input, ...twinInput });
      if (!again.ok) throw new Error(`the twin refused ${command.name}: ${JSON.stringify(again.problems)}`);
    }
    return executed;
  }

  async function run<I, R>(
    command: Command<I, R>,
    input: object,
    who: Caller = caller("tenant-admin"),
    twinInput: object = {},
  ): Promise<R> {
    const executed = await mirrored(command, input, who, twinInput);
    if (!executed.ok) throw new Error(`${command.name}: ${JSON.stringify(executed.problems)}`);
    return executed.result;
  }

  const made = await run(createTenant, { id, name: id, region: "local" }, systemCaller(id), { id: twinId });
  return {
    id,
    twinId,
    scope: { tenantId: id },
    twinScope: { tenantId: twinId },
    adminId: made.adminId,
    channelId: made.channelId,
    caller,
    person: (key, ...roles) => ({ ...caller(...roles), actor: key, name: key }),
    execute: (command, input, who = caller("tenant-admin")) => mirrored(command, input, who, {}),
    run,
  };
}
