/** Rollouts that would wait for ever, as the pods that run keep their successors (or others) from every node. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { draftId, type ActionDraft, type Remedy } from '../remedy.ts';

interface Rolling {
  readonly spec?: { readonly replicas?: number; readonly strategy?: Strategy };
}
interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: Readonly<Record<string, number | string>>;
}

/** What the API server sets where nothing is said. */
const DEFAULT: Strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };

/** Whether a rollout of it keeps pods until their successors are ready. */
export function isRolling(workload: KubeObject): boolean {
  const { strategy = DEFAULT } = (workload as KubeObject & Rolling).spec ?? {};
  return workload.kind === 'Deployment' && strategy.type !== 'Recreate';
}

/** How many pods a rollout may take away, and why. */
export interface Easing {
  readonly maxUnavailable: number;
  /** A sentence. */
  readonly why: string;
  readonly outage?: string;
}

/** The first action with a rollout that may take so many pods away, and one after it that puts the strategy back as it was. */
export function easedRollout(remedy: Remedy, workload: KubeObject, { maxUnavailable, why, outage }: Easing): Remedy {
  const [draft, ...others] = remedy.drafts;
  if (draft === undefined) return remedy;
  const { strategy = DEFAULT } = (workload as KubeObject & Rolling).spec ?? {};
  const wider = { ...strategy, rollingUpdate: { ...strategy.rollingUpdate, maxUnavailable } };
  const eased: ActionDraft = {
    ...draft,
    reason: `${draft.reason} ${why}`,
    changes: [strategyChange(workload, wider), ...draft.changes],
    ...(outage !== undefined && { outage }),
  };
  return { ...remedy, drafts: [eased, strategyBack(eased, workload, strategy), ...others] };
}

/** As many as it wants. */
export function replicasOf(workload: KubeObject): number {
  return (workload as KubeObject & Rolling).spec?.replicas ?? 1;
}

function strategyChange(workload: KubeObject, value: Strategy): Change {
  const operations = [{ op: 'add' as const, path: '/spec/strategy', value }];
  return { kind: 'patch', target: refOf(workload), patch: { type: 'json', operations } };
}

function strategyBack(eased: ActionDraft, workload: KubeObject, strategy: Strategy): ActionDraft {
  const { kind, target, part = '', evidence, confidence } = eased;
  return {
    ...{ kind, target, evidence, confidence, part: `${part}-strategy` },
    title: `Put the rollout strategy back (${refText(target)})`,
    reason: 'The strategy was widened for one rollout only.',
    changes: [strategyChange(workload, strategy)],
    ...(eased.probe !== undefined && { probe: eased.probe }),
    after: [draftId(eased)],
  };
}
