/** What a twin's autoscaler assumes, and what a rehearsal is less sure of for it. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { autoscalerAssumptions, type AutoscalerAssumption } from '../cluster-autoscaler/recorded-autoscaling.ts';

/** Assumptions of one cause. */
export interface AutoscalerGap {
  /** Not empty. */
  readonly about: readonly string[];
  readonly message: string;
  readonly effect: string;
  readonly confidenceLoss: number;
}

type Cause = AutoscalerAssumption['cause'];

const EFFECTS: Readonly<Record<Cause, Pick<AutoscalerGap, 'effect' | 'confidenceLoss'>>> = {
  'refusal-fits': { effect: 'nodes that the quotas would allow do not come in the twin', confidenceLoss: 0.1 },
  'quotas-unread': { effect: 'no raised quota brings its nodes in the twin', confidenceLoss: 0.1 },
  'stock-out-goes-on': { effect: 'machines that come back in stock bring no nodes in the twin', confidenceLoss: 0.1 },
  'ip-space-stays-full': { effect: 'addresses that become free bring no nodes in the twin', confidenceLoss: 0.05 },
  'refusal-goes-on': { effect: 'a refusal that ends by itself does not end in the twin', confidenceLoss: 0.1 },
  'back-off-untimed': { effect: 'its next try may come earlier or later', confidenceLoss: 0.02 },
  'unneeded-node-stays': { effect: 'it costs on in the twin where it may be removed', confidenceLoss: 0.05 },
  'waiting-pod-is-passed-over': { effect: 'no node comes for it in the twin where one may', confidenceLoss: 0.1 },
};

/** One per cause, in the order of their first one; empty outside of Google's cloud. */
export function autoscalerGaps(snapshot: ClusterSnapshot): readonly AutoscalerGap[] {
  const byCause = Map.groupBy(autoscalerAssumptions(snapshot), ({ cause }) => cause);
  return [...byCause].map(([cause, found]) => ({
    about: found.map(({ about }) => about),
    message: found[0]?.message ?? '',
    ...EFFECTS[cause],
  }));
}
