/** A batch that may push serving pods off their nodes. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/ */
import { amountOf, formatBytes, formatCpu } from '../../model/quantity.ts';
import { DEPLOYMENTS, PRIORITY_CLASSES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind } from './fault.ts';
import { NoTargetError } from './no-target-error.ts';
import { servingNodes } from './targets.ts';

const SETTLES_MS = 900_000;

export const PRIORITY_INVERSION: FaultKind = {
  name: 'priority-inversion',
  family: 'scheduling',
  summary: 'A batch job with a higher priority than what serves takes the nodes, and serving pods are preempted.',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#preemption',
  parameters: {
    share: {
      ...{ type: 'number', summary: 'of each node that a pod of the batch asks for', integer: false },
      ...{ min: 0.8, max: 0.92, default: 0.9 },
    },
  },
  bring: (site, { share }) => {
    const target = site.deployment();
    const { namespace = '' } = target.metadata;
    const name = `report-batch-${target.metadata.name}`.slice(0, 50);
    const priorityClass = site.create({
      ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'batch-urgent' } },
      ...{ value: 900_000, description: 'Reports that must be done before the morning.' },
    });
    const batch = site.create(batchOf({ namespace, name }, site.cluster, Number(share)));
    return {
      truth: {
        entities: [entityOf(batch), entityOf(priorityClass)],
        classes: ['preempted-by-priority'],
      },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Give the batch a lower priority than what serves, or let it ask for less.',
      repair: () => {
        site.remove(DEPLOYMENTS, batch);
        site.remove(PRIORITY_CLASSES, priorityClass);
      },
      isGone: ({ api: { store } }) => {
        const now = store.get(DEPLOYMENTS, namespace, name);
        const { template, replicas = 0 } = now?.spec ?? {};
        const hasPriority = template?.spec?.priorityClassName === priorityClass.metadata.name;
        const value = store.get(PRIORITY_CLASSES, '', priorityClass.metadata.name)?.value ?? 0;
        return now === undefined || replicas === 0 || !hasPriority || value <= 0;
      },
    };
  },
};

/** One pod for each node that there is or may come to be. */
function batchOf(
  metadata: { readonly namespace: string; readonly name: string },
  cluster: SimulatedCluster,
  share: number,
) {
  const nodes = servingNodes(cluster);
  if (nodes.length === 0) throw new NoTargetError('there is no node that this could befall');
  const least = (resource: string) =>
    Math.min(...nodes.map(({ status }) => amountOf(resource, status?.allocatable?.[resource] ?? '0') ?? 0));
  const most = (cluster.cloud?.pools ?? []).reduce((sum, { autoscaling }) => sum + (autoscaling?.maxNodes ?? 0), 0);
  const requests = {
    cpu: formatCpu(Math.floor(least('cpu') * share)),
    memory: formatBytes(Math.floor(least('memory') * share)),
  };
  const labels = { app: metadata.name };
  const container = { name: 'report', image: 'registry.example.com/report:2.4.0', resources: { requests } };
  const template = { metadata: { labels }, spec: { priorityClassName: 'batch-urgent', containers: [container] } };
  const spec = { replicas: Math.max(nodes.length, most), selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
}
