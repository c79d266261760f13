/** A budget that lets no node be drained. Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/ */
import type { Deployment, Node } from '../../model/kinds.ts';
import { matchesSelector } from '../../model/selector.ts';
import { NODES, POD_DISRUPTION_BUDGETS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import { setUnschedulable } from './cordon-faults.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { podsOf, servingNodes } from './targets.ts';

export const DISRUPTION_BUDGET_DEADLOCK: FaultKind = {
  name: 'disruption-budget-deadlock',
  family: 'policy',
  summary:
    'A budget wants every pod of a workload to be there always, so that a node that is to be drained stays cordoned.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets',
  parameters: {
    form: {
      type: 'choice',
      summary: 'how the budget says so',
      choices: ['minAvailable', 'maxUnavailable', 'percentage'],
      default: 'minAvailable',
    },
  },
  bring: (site, { form }) => {
    const target = site.deployment((one) => !isBudgeted(site, one) && nodeUnder(site, one) !== undefined);
    const node = nodeUnder(site, target) as Node;
    const { namespace = '', name } = target.metadata;
    const spec = { selector: target.spec?.selector, ...wanted(String(form), target.spec?.replicas ?? 1) };
    const metadata = { name: `${name}-budget`, namespace };
    const budget = site.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec });
    site.take(node);
    setUnschedulable(site, node, true);
    return {
      truth: { entities: [entityOf(budget)], classes: ['disruption-budget-blocks-drain'] },
      touched: site.takeTouched(),
      settlesMs: 300_000,
      remedy: 'Let the budget allow one pod to be missing, then drain the node or uncordon it.',
      repair: ({ api }) => {
        site.remove(POD_DISRUPTION_BUDGETS, budget);
        if (api.store.get(NODES, '', node.metadata.name) !== undefined) setUnschedulable(site, node, false);
      },
      isGone: ({ api: { store } }) => {
        const now = store.get(POD_DISRUPTION_BUDGETS, namespace, metadata.name);
        return now === undefined || (now.status?.disruptionsAllowed ?? 0) > 0;
      },
    };
  },
};

function wanted(form: string, replicas: number) {
  if (form === 'maxUnavailable') return { maxUnavailable: 0 };
  return { minAvailable: form === 'percentage' ? '100%' : replicas };
}

function isBudgeted({ cluster }: FaultSite, { metadata, spec }: Deployment): boolean {
  const labels = spec?.template.metadata?.labels;
  return [...cluster.api.store.list(POD_DISRUPTION_BUDGETS, metadata.namespace)].some((one) =>
    matchesSelector(one.spec?.selector, labels),
  );
}

/** A node that takes pods, on which a pod of the workload runs. */
function nodeUnder(site: FaultSite, target: Deployment): Node | undefined {
  const names = new Set(podsOf(site.cluster, target).map(({ spec }) => spec?.nodeName));
  return servingNodes(site.cluster).find((node) => names.has(node.metadata.name) && !site.isTaken(node));
}
