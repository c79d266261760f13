import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../../model/kinds.ts';
import { NODES, PODS } from '../../api/built-in-types.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { EVENTS } from '../../api/built-in-types.ts';

function cluster(names: readonly string[], zoneOf: (name: string) => string = () => 'a') {
  const { api, clock, kubelets } = new SimulatedCluster();
  for (const name of names) {
    kubelets.addNode({ name, labels: { 'topology.kubernetes.io/zone': zoneOf(name) } });
  }
  clock.advance(10_000);
  const node = (name: string): Node => api.get(NODES, '', name);
  const ready = (name: string) => node(name).status?.conditions?.find(({ type }) => type === 'Ready');
  const taints = (name: string) =>
    (node(name).spec?.taints ?? []).map(({ key, effect }) => `${key.split('/')[1] ?? key}:${effect}`).sort();
  const told = () => [...api.store.list(EVENTS)].map(({ reason, message }) => `${reason} ${message}`);
  const pod = (name: string, nodeName: string, tolerations: NonNullable<Pod['spec']>['tolerations'] = []) =>
    api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName, containers: [{ name: 'app', image: 'web' }], tolerations },
    } as Pod);
  return { api, clock, kubelets, node, ready, taints, told, pod };
}

const STAYS = (seconds?: number) =>
  ['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoExecute',
    ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
  }));

describe('nodeLifecycleController', () => {
  it('registers nodes, and leaves those alone that are heard of', () => {
    const { clock, ready, taints, told } = cluster(['n1', 'n2']);
    clock.advance(600_000);
    expect(ready('n1')).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(taints('n1')).toEqual([]);
    expect(told()).toContain('RegisteredNode Node n1 event: Registered Node n1 in Controller');
  });

  it('says of a silent node that its state is unknown, and keeps and drives pods away', () => {
    const { clock, kubelets, ready, taints, told } = cluster(['n1', 'n2']);
    kubelets.stopNode('n1');
    clock.advance(35_000);
    expect(ready('n1')?.status).toBe('True');
    clock.advance(25_000);
    expect(ready('n1')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    clock.advance(5000);
    expect(taints('n1')).toEqual(['unreachable:NoExecute', 'unreachable:NoSchedule']);
    expect(told()).toContain('NodeNotReady Node n1 status is now: NodeNotReady');
    expect(taints('n2')).toEqual([]);
  });

  it('takes the taints away when the node is back', () => {
    const { clock, kubelets, taints } = cluster(['n1', 'n2']);
    kubelets.stopNode('n1');
    clock.advance(70_000);
    kubelets.startNode('n1');
    clock.advance(10_000);
    expect(taints('n1')).toEqual([]);
  });

  it('marks the pods of a silent node not ready, and deletes them when they bear it no longer', () => {
    const { api, clock, kubelets, pod, told } = cluster(['n1', 'n2']);
    pod('short', 'n1', STAYS(60));
    pod('daemon', 'n1', STAYS());
    clock.advance(30_000);
    kubelets.stopNode('n1');
    clock.advance(70_000);
    const readyOf = (name: string) =>
      api.get(PODS, 'default', name).status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    expect(readyOf('daemon')).toBe('False');
    expect(told()).toContain('NodeNotReady Node is not ready');
    expect(api.get(PODS, 'default', 'short').metadata.deletionTimestamp).toBeUndefined();
    clock.advance(60_000);
    const short = api.get(PODS, 'default', 'short');
    expect(short.metadata.deletionTimestamp).toBeDefined();
    expect(short.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }),
    );
    expect(told()).toContain('TaintManagerEviction Marking for deletion Pod default/short');
    expect(api.get(PODS, 'default', 'daemon').metadata.deletionTimestamp).toBeUndefined();
  });

  it('calls a deletion off when the node is back in time', () => {
    const { api, clock, kubelets, pod, told } = cluster(['n1', 'n2']);
    pod('web', 'n1', STAYS(300));
    clock.advance(30_000);
    kubelets.stopNode('n1');
    clock.advance(100_000);
    kubelets.startNode('n1');
    clock.advance(600_000);
    expect(api.get(PODS, 'default', 'web').metadata.deletionTimestamp).toBeUndefined();
    expect(told()).toContain('TaintManagerEviction Cancelling deletion of Pod default/web');
  });

  it('drives pods from one node of a zone at a time', () => {
    const names = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
    const { clock, kubelets, taints } = cluster(names);
    kubelets.stopNode('n1');
    kubelets.stopNode('n2');
    const driven = () => names.filter((name) => taints(name).includes('unreachable:NoExecute'));
    clock.advance(56_000);
    expect(driven()).toEqual(['n1']);
    clock.advance(12_000);
    expect(driven()).toEqual(['n1', 'n2']);
  });

  it('stops driving pods away from small zones of which most nodes are lost', () => {
    const names = ['n1', 'n2', 'n3', 'n4', 'n5'];
    const { clock, kubelets, taints } = cluster(names);
    for (const name of names.slice(0, 3)) kubelets.stopNode(name);
    clock.advance(300_000);
    const driven = names.filter((name) => taints(name).includes('unreachable:NoExecute'));
    expect(driven.length).toBeLessThan(3);
    expect(taints('n3')).toContain('unreachable:NoSchedule');
  });

  it('drives nothing away when all nodes are lost', () => {
    const { clock, kubelets, taints } = cluster(['n1', 'n2']);
    kubelets.stopNode('n1');
    clock.advance(100_000);
    expect(taints('n1')).toContain('unreachable:NoExecute');
    kubelets.stopNode('n2');
    clock.advance(100_000);
    expect(taints('n1')).toEqual(['unreachable:NoSchedule']);
    expect(taints('n2')).toEqual(['unreachable:NoSchedule']);
  });

  it('taints what is cordoned, and what is under pressure', () => {
    const { api, clock, node, taints } = cluster(['n1', 'n2']);
    api.change(NODES, '', 'n1', (one) => ({ ...one, spec: { ...one.spec, unschedulable: true } }));
    clock.advance(100);
    expect(node('n1').spec?.taints).toEqual([
      { effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable', timeAdded: '2025-01-01T00:00:10Z' },
    ]);
    api.change(NODES, '', 'n1', (one) => ({ ...one, spec: { ...one.spec, unschedulable: false } }));
    api.changeStatus(NODES, '', 'n2', (one) => ({
      ...one,
      status: {
        ...one.status,
        conditions: (one.status?.conditions ?? []).map((condition) =>
          condition.type === 'MemoryPressure' ? { ...condition, status: 'True' } : condition,
        ),
      },
    }));
    clock.advance(100);
    expect(taints('n1')).toEqual([]);
    expect(taints('n2')).toContain('memory-pressure:NoSchedule');
  });
});

describe('taintEvictionController', () => {
  it('deletes at once what does not tolerate a taint set by hand', () => {
    const { api, clock, pod } = cluster(['n1', 'n2']);
    pod('web', 'n1');
    pod('robust', 'n1', [{ operator: 'Exists' }]);
    clock.advance(30_000);
    api.change(NODES, '', 'n1', (one) => ({
      ...one,
      spec: { ...one.spec, taints: [{ key: 'broken', effect: 'NoExecute' }] },
    }));
    clock.advance(100);
    expect(api.store.get(PODS, 'default', 'web')?.metadata.deletionTimestamp).toBeDefined();
    clock.advance(60_000);
    expect(api.store.get(PODS, 'default', 'web')).toBeUndefined();
    expect(api.get(PODS, 'default', 'robust').metadata.deletionTimestamp).toBeUndefined();
  });
});
