/** Pods that two disruption budgets select, which makes them impossible to evict. */
import {
  matchesSelector,
  refKey,
  refOf,
  type ClusterSnapshot,
  type KindMap,
  type KubeObject,
  type Pod,
} from '@aia/cluster';
import { fieldEvidence, inOrder } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isLiving } from '../../nodes/node-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { listText } from '../../wording.ts';

type Budget = KindMap['PodDisruptionBudget'];

/** Facts: workload, budgets (names), pods (how many). */
export const rule: Rule = {
  code: 'pod-multiple-disruption-budgets',
  title: 'Pod has several disruption budgets',
  severity: 'medium',
  explanation:
    'The eviction API refuses to evict a pod that more than one PodDisruptionBudget selects, whatever they allow, so draining its ' +
    'node hangs and the autoscaler cannot remove it. Usually two charts or two selectors overlap. An empty selector selects every ' +
    'pod of the namespace. All pods of one workload are one finding, about the workload. The rule stays silent for pods that have ended or are being deleted.',
  remediation: {
    class: 'remove-object',
    text: 'Keep one budget per workload: delete the other or narrow its selector.',
  },
  aliases: { popeye: ['209'] },
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    const budgets = snapshot
      .list('PodDisruptionBudget')
      .filter(({ metadata }) => examination.judges(metadata.namespace ?? ''));
    for (const [namespace, group] of Map.groupBy(inOrder(budgets), ({ metadata }) => metadata.namespace ?? '')) {
      if (group.length < 2) continue;
      const shared = podsOfSeveral(snapshot, namespace, group);
      const byWorkload = Map.groupBy(shared, ({ pod, budgets: its }) =>
        [refKey(refOf(examination.workloadOf(pod))), ...its.map(nameOf)].join('\n'),
      );
      for (const pods of byWorkload.values()) yield* overlap(examination.workloadOf.bind(examination), pods);
    }
  },
};

interface SharedPod {
  readonly pod: Pod;
  readonly budgets: readonly Budget[];
}

/** Pods that still run or will, with the budgets that select them, where these are several. */
function podsOfSeveral(snapshot: ClusterSnapshot, namespace: string, budgets: readonly Budget[]): readonly SharedPod[] {
  const selected = new Map<Pod, Budget[]>();
  for (const budget of budgets) {
    const selector = budget.spec?.selector;
    if (selector === undefined) continue;
    for (const pod of snapshot.withLabels('Pod', namespace, selector.matchLabels ?? {})) {
      if (!isLiving(pod) || !matchesSelector(selector, pod.metadata.labels)) continue;
      const known = selected.get(pod);
      if (known === undefined) selected.set(pod, [budget]);
      else known.push(budget);
    }
  }
  const shared = inOrder([...selected.keys()]).map((pod) => ({ pod, budgets: selected.get(pod) ?? [] }));
  return shared.filter((one) => one.budgets.length > 1);
}

function* overlap(workloadOf: (pod: Pod) => KubeObject, pods: readonly SharedPod[]): Iterable<FindingDraft> {
  const [first] = pods;
  if (first === undefined) return;
  const names = first.budgets.map(nameOf);
  const workload = refOf(workloadOf(first.pod));
  const others = pods.length === 1 ? '' : ` and ${pods.length - 1} more of its workload`;
  yield {
    resource: workload,
    part: listText(names, 20),
    message: `Pod ${podName(first.pod)}${others} cannot be evicted: disruption budgets ${listText(names)} all select ${pods.length === 1 ? 'it' : 'them'}`,
    evidence: first.budgets.map((budget) =>
      fieldEvidence(budget, 'spec.selector', JSON.stringify(budget.spec?.selector ?? null)),
    ),
    facts: { workload: refKey(workload), budgets: names, pods: pods.length },
  };
}

function nameOf({ metadata }: Budget): string {
  return metadata.name;
}
