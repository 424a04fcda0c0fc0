import { z } from "zod";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Command, CommandContext } from "../../commands/command.js";
import { instant } from "../../commands/input.js";
import type { Reader } from "../../commands/judge.js";
import { EXEMPTABLE, type Rule } from "../../policy/decision.js";
import { freezeEpisode, obstaclesOf } from "../episode/frozen-episode.service.js";
import {
  correctEpisode,
  mustBecome,
  mustHaveGoneOut,
  publishEpisode,
  retractEpisode,
  setStatus,
} from "../episode/publish.service.js";
import { grantExemption } from "../exemption/exemption.service.js";
import { setGovernance } from "../governance/settings.service.js";
import { settingsChange } from "../../reads/governance/settings.js";
import { mustBeRetractable, retractSource } from "../source/withdrawal.service.js";
import { eraseTenant } from "../tenant/tenant-state.service.js";
import { freezeNode, type FrozenItem } from "./content.js";
import { readSubject } from "./proposal.repository.js";

/** Something that can't be taken back: what it acts on, and what approvers approve. */
export interface ProposalAction {
  readonly command: Command;
  /** The command's input field for what it acts on, and the labels that may be. */
  readonly field: string;
  readonly labels: readonly NodeLabel[];
  /** What the command takes beside it, as plain JSON. */
  readonly arguments: z.ZodType<Readonly<Record<string, unknown>>>;
  /** The proposal's title. */
  title(subject: string): string;
  /** What is approved, as it is now; empty when there is no such subject. */
  freeze(reader: Reader, subject: NodeId): Promise<FrozenItem[]>;
  /** What keeps it from being carried out, whoever approves; for the policy's publish gate. Asked under locks where it decides. */
  obstacles?(reader: Reader, subject: NodeId, items: readonly FrozenItem[]): Promise<string[]>;
  /** Refuses what can't be carried out from where the subject stands, or not with these arguments. */
  check?(
    context: CommandContext,
    subject: NodeId,
    proposed: { readonly arguments: Readonly<Record<string, unknown>>; readonly at: Instant },
  ): Promise<void>;
  /** Whether what is carried out is frozen as an evidence pack, in the same transaction. */
  readonly packed?: true;
  /** What shows on the subject while it waits, and when it waits no more without being done. */
  waits?(context: CommandContext, subject: NodeId, waiting: boolean, at: Instant): Promise<unknown>;
}

const none = z.strictObject({});
const episode = {
  field: "episodeId",
  labels: ["Episode"],
  freeze: (reader: Reader, { id }: NodeId) => freezeEpisode(reader, id),
} as const;

/** The subject alone, with its present properties. */
const freezeSubject = async (reader: Reader, subject: NodeId): Promise<FrozenItem[]> => {
  const node = await readSubject(reader, subject);
  return node === undefined ? [] : [freezeNode(node, [])];
};

/** Everything that can be proposed. One more is a line here, and its command's capability in the policy. */
export const ACTIONS = {
  publishEpisode: {
    ...episode,
    command: publishEpisode as Command,
    arguments: z.strictObject({ publishedAt: instant.nullish() }),
    title: (subject) => `Publish “${subject}”`,
    obstacles: obstaclesOf,
    packed: true,
    async check({ tx }, subject, proposed) {
      await mustBecome(tx, subject, "PUBLISHED");
      mustHaveGoneOut(proposed.arguments["publishedAt"], proposed.at);
    },
    waits: (context, subject, waiting, at) =>
      setStatus(context, subject, { status: waiting ? "IN_REVIEW" : "DRAFT", at }),
  },
  correctEpisode: {
    ...episode,
    command: correctEpisode as Command,
    arguments: none,
    title: (subject) => `Publish the correction of “${subject}”`,
    obstacles: obstaclesOf,
    packed: true,
    check: ({ tx }, subject) => mustBecome(tx, subject, "CORRECTED"),
  },
  retractEpisode: {
    ...episode,
    command: retractEpisode as Command,
    arguments: none,
    title: (subject) => `Retract “${subject}”`,
    check: ({ tx }, subject) => mustBecome(tx, subject, "RETRACTED"),
  },
  retractSource: {
    command: retractSource as Command,
    field: "sourceId",
    labels: ["Source"],
    arguments: none,
    title: (subject) => `Retract the source “${subject}”`,
    freeze: freezeSubject,
    check: ({ tx }, subject) => mustBeRetractable(tx, subject),
  },
  grantExemption: {
    command: grantExemption as Command,
    field: "subjectId",
    labels: ["Channel", "Tenant"],
    arguments: z.strictObject({ rule: z.enum(EXEMPTABLE as [Rule, ...Rule[]]), until: instant }),
    title: (subject) => `Exempt “${subject}” from a rule`,
    freeze: freezeSubject,
  },
  setGovernance: {
    command: setGovernance as Command,
    field: "tenantId",
    labels: ["Tenant"],
    arguments: settingsChange.refine((change) => Object.keys(change).length > 0, {
      path: ["furtherGroups"],
      message: "must be given, or `tiers`, `shelfLives` or `copyShare`: a change sets something",
    }),
    title: (subject) => `Set the rules of governance of “${subject}”`,
    freeze: freezeSubject,
  },
  eraseTenant: {
    command: eraseTenant as Command,
    field: "tenantId",
    labels: ["Tenant"],
    arguments: none,
    title: (subject) => `Erase “${subject}” for good`,
    freeze: freezeSubject,
  },
} as const satisfies Record<string, ProposalAction>;

export type ActionName = keyof typeof ACTIONS;
export const ACTION_NAMES = Object.keys(ACTIONS) as [ActionName, ...ActionName[]];
export const SUBJECT_LABELS = [...new Set(ACTION_NAMES.flatMap((name): readonly NodeLabel[] => ACTIONS[name].labels))];

/** The action of a stored proposal. */
export function actionOf(name: string): ProposalAction {
  const action = (ACTIONS as Readonly<Record<string, ProposalAction>>)[name];
  if (action === undefined) throw new Error(`nothing here does ${name}`);
  return action;
}

/** The command's whole input. */
export const inputOf = (action: ProposalAction, subject: NodeId, more: Readonly<Record<string, unknown>>): object => ({
  ...more,
  [action.field]: formatNodeId(subject.label, subject.id),
});
