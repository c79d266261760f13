/** What kinds of action propose: remedies, each a few drafts of actions that belong together. */
import type { ResourceRef } from '@aia/cluster';
import type { Action, AssessedEvidence, AssessedRootCause, Change, Condition } from '@aia/contract';
import type { Capability } from './owners/roles.ts';
import type { Planning } from './planning.ts';

/**
 * An action as a kind of action proposes it: what is to be changed and why. Everything that follows from the changes (commands, YAML, inverse,
 * disruption, quota, money, risk, approval, who reconciles the target) is worked out in one place, by `completeAction`.
 */
export interface ActionDraft {
  /** Folder of the kind: `roll-back-workload`. */
  readonly kind: string;
  readonly title: string;
  readonly target: ResourceRef;
  /** Tells several actions of one kind on one target apart, as a container's name. */
  readonly part?: string;
  /** Full sentences, naming what it rests on. */
  readonly reason: string;
  readonly evidence: readonly AssessedEvidence[];
  /** 0..1: that this is the right change, by its evidence. */
  readonly confidence: number;
  /** In their order. Objects that patches and deletions name are in the snapshot, or made by an earlier change of the same remedy. */
  readonly changes: readonly Change[];
  /** Beside those that follow from the changes (targets exist, patched fields are as they were, quotas have room). */
  readonly preconditions?: readonly Condition[];
  /** Default: what follows from the changes (patched workloads are available, …), within 10 min, for 1 min. */
  readonly probe?: { readonly conditions: readonly Condition[]; readonly withinMs?: number; readonly soakMs?: number };
  /** Why it cannot be undone, where that is so for another reason than its changes (data that is gone). */
  readonly irreversible?: string;
  /** What can go wrong beyond what the changes tell, with how much each adds to the score of the risk, 0..1. */
  readonly risks?: readonly { readonly reason: string; readonly adds: number }[];
  /** Something that answers now will answer nothing for a while. */
  readonly outage?: string;
  /** Why the target may have fewer pods than it wants afterwards, where that is meant; a rehearsal takes it for harm otherwise. */
  readonly leavesShort?: string;
  /** How the kind's default of three points is to be changed; in milliseconds. */
  readonly durationMs?: Action['durationMs'];
  /** Ids of actions, or ends of drafts of the same remedy by {@link draftId}, that must have succeeded before. */
  readonly after?: readonly string[];
  /** One line of kubectl or gcloud for each change, where people would write another than the one that is derived from it. */
  readonly commands?: readonly (string | undefined)[];
  /** For who reconciles the target: the change in its source, as chart values or an overlay, where it is known better than from the patch. */
  readonly sourceChange?: string;
}

/** One way to reach one or more goals. */
export interface Remedy {
  /** In a line; rivals are told apart by it. */
  readonly title: string;
  /** Ids of goals: root causes, or `kpi:` and the id of a KPI. */
  readonly resolves: readonly string[];
  /** All of them are needed. */
  readonly drafts: readonly ActionDraft[];
  /** 0..1: how well it removes the cause, in comparison with its rivals: 1 removes it, 0.5 treats a symptom. */
  readonly fit: number;
}

/** A kind of action. */
export interface ActionKind {
  /** Verb and noun, the name of its folder. */
  readonly kind: string;
  readonly title: string;
  /** When it is proposed, what it does, when it refuses. For the reference page. */
  readonly explanation: string;
  readonly capability: Capability;
  /** Beta prior over its success, before any outcome was recorded. */
  readonly prior: { readonly alpha: number; readonly beta: number; readonly basis: string };
  /** Three-point estimate, in milliseconds, with waiting for others. */
  readonly durationMs: Action['durationMs'];
  /** 0..1 before what the changes add. */
  readonly baseRisk: number;
  /** Ways that this kind knows; pure, deterministic, whatever the order of the input. */
  propose(planning: Planning): Iterable<Remedy>;
  /** What is left for causes that must go and that no kind has a remedy for. */
  proposeForRest?(causes: readonly AssessedRootCause[], planning: Planning): Iterable<Remedy>;
}

/** Id of the action that a draft becomes. */
export function draftId({ kind, target, part }: Pick<ActionDraft, 'kind' | 'target' | 'part'>): string {
  const { group, kind: of, namespace, name } = target;
  return `${kind}:${group}/${of}/${namespace}/${name}${part === undefined ? '' : `:${part}`}`;
}
