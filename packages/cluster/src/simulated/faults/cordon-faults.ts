/** Nodes that somebody keeps pods away from. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
import type { Node } from '../../model/kinds.ts';
import { NODES } from '../api/built-in-types.ts';
import { NODE_POOL } from '../cloud/machines.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { NoTargetError } from './no-target-error.ts';
import { servingNodes } from './targets.ts';

const MINUTE = 60_000;
const DRAIN = 'https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/';

const oneCordoned: FaultKind = {
  name: 'node-cordoned',
  family: 'node',
  summary: 'A node was cordoned for maintenance, and nobody uncordoned it.',
  source: DRAIN,
  parameters: {},
  bring: (site) => cordon(site, [site.node()]),
};

const allCordoned: FaultKind = {
  name: 'all-nodes-cordoned',
  family: 'node',
  summary: 'An upgrade by hand was broken off with every node cordoned, and a workload is restarted.',
  source: DRAIN,
  parameters: {},
  bring: (site) => {
    const target = site.deployment();
    const brought = cordon(site, freeNodes(site), [entityOf(target)]);
    site.restart(target);
    return { ...brought, touched: [...brought.touched, ...site.takeTouched()] };
  },
};

function cordon(site: FaultSite, nodes: readonly Node[], waiting: readonly string[] = []) {
  for (const node of nodes) setUnschedulable(site, node, true);
  const names = nodes.map(({ metadata }) => metadata.name);
  const cordoned = ({ api: { store } }: SimulatedCluster) =>
    names.flatMap((name) => {
      const node = store.get(NODES, '', name);
      return node?.spec?.unschedulable === true ? [node] : [];
    });
  return {
    truth: {
      entities: [...(nodes.length === 1 ? nodes.map(entityOf) : ['Node *']), ...waiting],
      classes: ['nodes-cordoned', 'node-cordoned'],
      // The pods have room elsewhere, or an autoscaler makes it.
      isMinor:
        nodes.length === 1 || (site.cluster.cloud?.pools ?? []).some(({ autoscaling }) => autoscaling !== undefined),
    },
    touched: site.takeTouched(),
    settlesMs: 5 * MINUTE,
    remedy: `Uncordon ${names.length === 1 ? (names[0] ?? '') : 'the nodes'}.`,
    repair: (cluster: SimulatedCluster) => {
      for (const node of cordoned(cluster)) setUnschedulable(site, node, false);
    },
    isGone: (cluster: SimulatedCluster) => cordoned(cluster).length === 0,
  };
}

/** As `kubectl cordon` and `uncordon` do. */
export function setUnschedulable(site: FaultSite, node: Node, unschedulable: boolean): void {
  site.change(NODES, node, ({ spec: { unschedulable: _was, ...spec } = {}, ...now }) => ({
    ...now,
    spec: unschedulable ? { ...spec, unschedulable } : spec,
  }));
}

const TAINT = { key: 'dedicated', value: 'batch' };

const tainted: FaultKind = {
  name: 'nodes-tainted',
  family: 'node',
  summary: 'Nodes were set aside by a taint that the workloads on them do not tolerate.',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  parameters: {
    effect: {
      type: 'choice',
      summary: 'NoSchedule for all nodes and a workload that is restarted, NoExecute for those of one pool',
      choices: ['NoSchedule', 'NoExecute'],
      default: 'NoSchedule',
    },
  },
  bring: (site, { effect }) => {
    const all = freeNodes(site);
    const target = effect === 'NoSchedule' ? site.deployment() : undefined;
    const pool = poolOf(target === undefined ? site.node() : undefined);
    const nodes = target === undefined ? all.filter((node) => poolOf(node) === pool) : all;
    const taint = { ...TAINT, effect: String(effect) };
    for (const node of nodes)
      site.change(NODES, node, (now) => ({
        ...now,
        spec: { ...now.spec, taints: [...(now.spec?.taints ?? []), taint] },
      }));
    for (const name of new Set(nodes.map(poolOf))) setPoolTaint(site, name, String(effect));
    if (target !== undefined) site.restart(target);
    return {
      truth: {
        entities: ['Node *', ...(target === undefined ? [] : [entityOf(target)])],
        classes: ['untolerated-taint', 'node-taint-untolerated'],
      },
      touched: site.takeTouched(),
      settlesMs: 5 * MINUTE,
      remedy: `Take the taint ${TAINT.key}=${TAINT.value} off, or let the workloads tolerate it.`,
      repair: (cluster) => {
        for (const node of taintedNodes(cluster))
          site.change(NODES, node, (now) => ({ ...now, spec: { ...now.spec, taints: othersOf(now) } }));
        for (const { name } of cluster.cloud?.pools ?? []) setPoolTaint(site, name, undefined);
      },
      isGone: (cluster) => taintedNodes(cluster).length === 0,
    };
  },
};

export const CORDONS_AND_TAINTS: readonly FaultKind[] = [oneCordoned, allCordoned, tainted];

/** All nodes that take pods. @throws NoTargetError of none, or where another fault has befallen one of them */
function freeNodes(site: FaultSite): readonly Node[] {
  const nodes = servingNodes(site.cluster);
  if (nodes.length === 0 || nodes.some((node) => site.isTaken(node)))
    throw new NoTargetError('there are no nodes that this could befall');
  return nodes;
}

function poolOf(node: Node | undefined): string {
  return node?.metadata.labels?.[NODE_POOL] ?? '';
}

function taintedNodes({ api: { store } }: SimulatedCluster): readonly Node[] {
  return [...store.list(NODES)].filter(({ spec }) => (spec?.taints ?? []).some(isOurs));
}

function othersOf({ spec }: Node) {
  return (spec?.taints ?? []).filter((taint) => !isOurs(taint));
}

function isOurs({ key, value }: { readonly key?: string; readonly value?: string }): boolean {
  return key === TAINT.key && value === TAINT.value;
}

/** Further machines of a pool come with its taints. */
function setPoolTaint(site: FaultSite, name: string, effect: string | undefined): void {
  const { cloud } = site.cluster;
  const pool = cloud?.pools.find((one) => one.name === name);
  if (cloud === undefined || pool === undefined) return;
  const others = (pool.taints ?? []).filter((taint) => !isOurs(taint));
  site.touchOutside(`node pool ${name}`);
  cloud.changePool(name, { taints: effect === undefined ? others : [...others, { ...TAINT, effect }] });
}
