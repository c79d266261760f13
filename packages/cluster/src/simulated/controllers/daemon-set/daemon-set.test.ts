import { describe, expect, it } from 'vitest';
import type { DaemonSet, Node, Pod } from '../../../model/kinds.ts';
import { DAEMON_SETS, NODES, PODS } from '../../api/built-in-types.ts';
import { finish, workloadCluster, type WorkloadClusterOptions } from '../workload-cluster.suite.ts';
import { targetNode } from './daemon-placement.ts';
import { daemonSetController } from './daemon-set-controller.ts';

type Spec = NonNullable<DaemonSet['spec']>;

const node = (name: string, spec: NonNullable<Node['spec']> = {}, labels = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
});
const image = (name: string, more: object = {}): Pick<Spec, 'template'> => ({
  template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: name }], ...more } },
});

function cluster(
  spec: Partial<Spec> = {},
  nodes = [node('a'), node('b'), node('c')],
  options: WorkloadClusterOptions = {},
) {
  const made = workloadCluster([daemonSetController], {
    ...options,
    kubelet: { nodeOf: targetNode, ...options.kubelet },
  });
  const { api, clock, pods } = made;
  for (const one of nodes) api.create(NODES, one);
  api.create(DAEMON_SETS, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'agent' } }, ...image('agent:1'), ...spec },
  });
  const places = (wanted?: string) =>
    pods()
      .filter(
        ({ spec: pod, metadata }) =>
          metadata.deletionTimestamp === undefined && (wanted === undefined || pod?.containers[0]?.image === wanted),
      )
      .map(targetNode)
      .sort();
  return {
    ...made,
    places,
    settle: (ms = 60_000) => clock.advance(ms),
    agent: () => api.get(DAEMON_SETS, 'shop', 'agent'),
    podOn: (name: string) => pods().find((pod) => targetNode(pod) === name) as Pod,
    changeNode: (name: string, change: (one: Node) => Node) => api.change(NODES, '', name, change),
    change: (more: Partial<Spec>) =>
      api.change(DAEMON_SETS, 'shop', 'agent', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...more } })),
  };
}

describe('daemonset-controller', () => {
  it('puts a pod on each node, bound to it by affinity, with the tolerations of daemons', () => {
    const { settle, places, podOn, agent, told } = cluster();
    settle();
    expect(places()).toEqual(['a', 'b', 'c']);
    const pod = podOn('b');
    expect(pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms).toEqual(
      [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
    );
    expect(pod.spec?.tolerations?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/not-ready:NoExecute',
      'node.kubernetes.io/unreachable:NoExecute',
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/pid-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
    ]);
    expect(pod.metadata.labels?.['controller-revision-hash']).toMatch(/^[a-z0-9]+$/);
    expect(agent().status).toEqual({
      observedGeneration: 1,
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      numberAvailable: 3,
      updatedNumberScheduled: 3,
    });
    expect(told()[0]).toBe(`Normal SuccessfulCreate Created pod: ${podOn('a').metadata.name}`);
  });

  it('follows nodes that come, and goes by labels', () => {
    const { api, settle, places, changeNode } = cluster(image('agent:1', { nodeSelector: { disk: 'ssd' } }), [
      node('a', {}, { disk: 'ssd' }),
      node('b'),
    ]);
    settle();
    expect(places()).toEqual(['a']);
    api.create(NODES, node('c', {}, { disk: 'ssd' }));
    changeNode('b', (one) => ({ ...one, metadata: { ...one.metadata, labels: { disk: 'ssd' } } }));
    changeNode('a', (one) => ({ ...one, metadata: { ...one.metadata, labels: {} } }));
    settle();
    expect(places()).toEqual(['b', 'c']);
  });

  it('runs on cordoned nodes, stays on nodes tainted later, leaves those that drive it out', () => {
    const taint = (effect: string) => [{ key: 'dedicated', value: 'x', effect }];
    const { settle, places, agent, changeNode } = cluster({}, [
      node('a', { unschedulable: true }),
      node('b'),
      node('c'),
      node('d', { taints: taint('NoSchedule') }),
    ]);
    settle();
    expect(places()).toEqual(['a', 'b', 'c']);
    changeNode('b', (one) => ({ ...one, spec: { taints: taint('NoSchedule') } }));
    changeNode('c', (one) => ({ ...one, spec: { taints: taint('NoExecute') } }));
    settle();
    expect(places()).toEqual(['a', 'b']);
    expect(agent().status).toMatchObject({
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberMisscheduled: 1,
    });
  });

  it('replaces pods node by node, as many as may be unavailable', () => {
    const { clock, settle, change, places, agent } = cluster({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } },
    });
    settle();
    change(image('agent:2'));
    clock.advance(500);
    expect(places('agent:1')).toHaveLength(1);
    settle();
    expect(places('agent:2')).toEqual(['a', 'b', 'c']);
    expect(agent().status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3, observedGeneration: 2 });
  });

  it('makes the new pod first where it may surge', () => {
    const { clock, settle, change, places } = cluster({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    settle();
    change(image('agent:2'));
    for (let passed = 0; passed < 20; passed++) {
      clock.advance(300);
      expect(new Set(places())).toEqual(new Set(['a', 'b', 'c']));
      expect(places().length).toBeLessThanOrEqual(4);
    }
    settle();
    expect(places('agent:2')).toEqual(['a', 'b', 'c']);
    expect(places('agent:1')).toEqual([]);
  });

  it('waits for somebody to delete pods where it is told to', () => {
    const { api, settle, change, places, podOn, agent } = cluster({ updateStrategy: { type: 'OnDelete' } });
    settle();
    change(image('agent:2'));
    settle();
    expect(places('agent:2')).toEqual([]);
    expect(agent().status).not.toHaveProperty('updatedNumberScheduled');
    api.delete(PODS, 'shop', podOn('b').metadata.name);
    settle();
    expect(places('agent:2')).toEqual(['b']);
  });

  it('replaces failed and succeeded pods, and tells so', () => {
    const { api, clock, settle, podOn, told } = cluster();
    settle();
    const [failed, succeeded] = [podOn('a'), podOn('b')];
    finish(api, failed, 'Failed');
    finish(api, succeeded, 'Succeeded');
    clock.advance(500);
    expect(told()).toContain(
      `Warning FailedDaemonPod Found failed daemon pod shop/${failed.metadata.name} on node a, will try to kill it`,
    );
    expect(told()).toContain(
      `Normal SucceededDaemonPod Found succeeded daemon pod shop/${succeeded.metadata.name} on node b, will try to delete it`,
    );
    settle();
    expect(podOn('a').status?.phase).toBe('Running');
  });

  it('waits longer after each failure on a node', () => {
    const startAt = Date.UTC(2025, 0, 1);
    const failures: number[] = [];
    const { api, clock, store } = cluster({}, [node('a')], { kubelet: { readyAfterMs: () => undefined } });
    store.listen(({ kind, type, object }) => {
      if (type.kind !== 'Pod' || kind !== 'ADDED') return;
      failures.push((clock.now - startAt) / 1000);
      clock.after(10, () => finish(api, object as Pod, 'Failed'));
    });
    clock.advance(16_000);
    const waits = failures.slice(1).map((at, i) => Math.round(at - (failures[i] as number)));
    expect(waits).toEqual([0, 1, 2, 4, 8]);
  });

  it('refuses to select everything', () => {
    const { settle, told } = cluster({ selector: {} });
    settle();
    expect(told()).toEqual([
      'Warning SelectingAll This daemon set is selecting all pods. A non-empty selector is required.',
    ]);
  });
});
