/** Writing the conditions of nodes. */
import type { Node } from '../../model/kinds.ts';
import { NODES } from '../api/built-in-types.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import type { Kubelet } from './pod-runtime.ts';

/** What a condition says. */
export interface NodeJudgement {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** Sets conditions of a node, each dated by when its status changed; nothing happens without the node. */
export function setNodeCondition({ api, clock }: Kubelet, name: string, ...judgements: readonly NodeJudgement[]): void {
  if (api.store.get(NODES, '', name) === undefined) return;
  const at = timestamp(clock.now);
  api.changeStatus(NODES, '', name, (node) => {
    const known = node.status?.conditions ?? [];
    const conditions = judgements.map((judgement) => {
      const before = known.find(({ type }) => type === judgement.type);
      const since = before?.status === judgement.status ? (before.lastTransitionTime ?? at) : at;
      return { ...judgement, lastHeartbeatTime: at, lastTransitionTime: since };
    });
    const types = new Set(judgements.map(({ type }) => type));
    // In the place in which they were.
    const kept = known.map(
      (one) => (types.has(one.type) ? conditions.find(({ type }) => type === one.type) : one) ?? one,
    );
    const added = conditions.filter(({ type }) => !known.some((one) => one.type === type));
    return { ...node, status: { ...node.status, conditions: [...kept, ...added] } } as Node;
  });
}
