/** Requests far above use, in a cluster whose pools do not grow further. */
import type { Deployment } from '../../model/kinds.ts';
import { cpuMillis, wholeUnits } from '../../model/quantity.ts';
import { NODES } from '../api/built-in-types.ts';
import { NODE_POOL } from '../cloud/machines.ts';
import { entityOf } from '../entity.ts';
import type { UsageCurve } from '../kubelet/behaviour.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import { NoTargetError } from './no-target-error.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { MINUTE } from './flawed-rollout.ts';
import { autoscalerOf, servingNodes } from './targets.ts';

/** Of a node's CPU: the most that one pod asks for, so that no pod is larger than any node. */
const LARGEST_SHARE = 0.45;
const WORKLOADS = 6;

const overRequesting: FaultKind = {
  name: 'requests-far-above-use',
  family: 'resources',
  summary:
    'Teams request many times the CPU that their programs use, until pods wait in nodes that idle and pools that are as large as they may be.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/vertical-pod-autoscaling',
  parameters: {
    factor: {
      type: 'number',
      summary: 'by which requests are raised, up to what nodes take',
      ...{ min: 4, max: 20, default: 8 },
    },
  },
  bring: (site, { factor }) => {
    const nodes = servingNodes(site.cluster);
    const sizes = nodes.map(({ status }) => cpuMillis(status?.allocatable?.['cpu'] ?? '0') ?? 0);
    const largest = Math.floor(Math.max(0, ...sizes) * LARGEST_SHARE);
    const chosen = chosenOf(site);
    const raised = chosen.map((one) => ({
      one,
      millis: Math.min(largest, Math.round(requestOf(one) * Number(factor))),
    }));
    const asked = raised.reduce((sum, { one, millis }) => sum + millis * (one.spec?.replicas ?? 1), 0);
    const lacking = Math.max(0, sizes.reduce((sum, size) => sum + size, 0) * 1.1 - asked);
    const perRound = raised.reduce((sum, { millis }) => sum + millis, 0);
    const more = Math.ceil(lacking / Math.max(1, perRound));
    site.behave(usesAsBefore(raised.map(({ one }) => one)));
    const restore = holdPools(site);
    for (const { one, millis } of raised) raise(site, one, millis, (one.spec?.replicas ?? 1) + more);
    return {
      truth: {
        entities: chosen.map(entityOf),
        classes: ['requests-exceed-capacity', 'requests-exceed-quota', 'requests-above-usage'],
      },
      touched: site.takeTouched(),
      settlesMs: 15 * MINUTE,
      remedy: `Request what they use: ${chosen.map(entityOf).join(', ')}.`,
      repair: () => {
        for (const one of chosen) site.rollBack(one);
        restore();
      },
    };
  },
};

/** Deployments that request CPU and that nothing scales; the first is drawn. @throws NoTargetError */
function chosenOf(site: FaultSite): readonly Deployment[] {
  if (servingNodes(site.cluster).length === 0) throw new NoTargetError('there is no node that this could befall');
  const suits = (one: Deployment) => requestOf(one) > 0 && autoscalerOf(site.cluster, one) === undefined;
  const first = site.deployment(suits);
  const others = site
    .workloads()
    .filter((one): one is Deployment => one.kind === 'Deployment' && suits(one as Deployment));
  return [first, ...others.slice(0, WORKLOADS - 1).filter((one) => site.take(one))];
}

function requestOf({ spec }: Deployment): number {
  return cpuMillis(spec?.template.spec?.containers[0]?.resources?.requests?.['cpu'] ?? '0') ?? 0;
}

/** Programs go on using a tenth of what they requested before. */
function usesAsBefore(workloads: readonly Deployment[]): BehaviourRow {
  const uses = new Map<string, ReturnType<UsageCurve>>(
    workloads.map((one) => {
      const container = one.spec?.template.spec?.containers[0];
      const memory = wholeUnits(container?.resources?.requests?.['memory'] ?? '100Mi') ?? 0;
      const use = { cpuMillis: requestOf(one) / 10, memoryBytes: Math.round(memory / 10) };
      return [`${one.metadata.namespace ?? ''} Deployment/${one.metadata.name} ${container?.name ?? ''}`, use] as const;
    }),
  );
  return {
    container: ({ namespace, workload, container }) => {
      const use = uses.get(`${namespace} ${workload} ${container}`);
      return use === undefined ? undefined : { usage: () => use };
    },
  };
}

/** Lets no pool grow beyond what it has. @returns takes that back */
function holdPools(site: FaultSite): () => void {
  const { cloud, api } = site.cluster;
  const restores = (cloud?.pools ?? []).map(({ name, autoscaling }) => {
    if (cloud === undefined || autoscaling === undefined) return () => undefined;
    const own = [...api.store.list(NODES)].filter(({ metadata }) => metadata.labels?.[NODE_POOL] === name).length;
    cloud.changePool(name, { autoscaling: { ...autoscaling, maxNodes: Math.max(1, own) } });
    site.touchOutside(`node pool ${name}`);
    return () => cloud.changePool(name, { autoscaling });
  });
  return () => restores.forEach((restore) => restore());
}

function raise(site: FaultSite, one: Deployment, millis: number, replicas: number): void {
  const container = one.spec?.template.spec?.containers[0];
  const limits = container?.resources?.limits;
  const cpu = `${millis}m`;
  const resources = {
    ...container?.resources,
    requests: { ...container?.resources?.requests, cpu },
    ...(limits?.['cpu'] === undefined ? {} : { limits: { ...limits, cpu } }),
  };
  site.roll(one, {}, { resources }, { replicas });
}

/** The kind of the family `resources` in which it is others that lack. */
export const OVER_REQUESTING: readonly FaultKind[] = [overRequesting];
