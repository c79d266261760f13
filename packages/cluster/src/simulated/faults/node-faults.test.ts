import { describe, expect, it } from 'vitest';
import { NODES } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

const UNHELPFUL =
  'no new claims to deallocate, preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.';

/** The node of the truth, as it is now. */
function nodeOf({ cluster, fault }: Symptoms) {
  const name = fault.truth.entities[0]?.slice('Node '.length) ?? '';
  const node = cluster.api.store.get(NODES, '', name);
  const condition = (type: string) => {
    const { status, reason, message } = node?.status?.conditions?.find((one) => one.type === type) ?? {};
    return { status, reason, message };
  };
  return { name, condition, taints: (node?.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`) };
}

describe('faults of nodes', () => {
  it.each(['node-lost', 'kubelet-silent'])('%s: nobody hears of the node, and its pods are replaced', (kind) => {
    const symptoms = new Symptoms(kind);
    const node = nodeOf(symptoms);
    expect(node.condition('Ready')).toEqual({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect(node.taints).toEqual(
      expect.arrayContaining(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']),
    );
    expect(symptoms.events(`Node ${node.name}`)).toContain(
      `NodeNotReady: Node ${node.name} status is now: NodeNotReady`,
    );
    expect(symptoms.events('Pod ', ({ reason }) => reason === 'TaintManagerEviction').length).toBeGreaterThan(0);
    expect(nodeOf(symptoms.repair()).condition('Ready').status).toBe('True');
  });

  it.each([
    [
      'memory-pressure',
      'MemoryPressure',
      'KubeletHasInsufficientMemory',
      'kubelet has insufficient memory available',
      60,
      'memory',
    ],
    ['disk-pressure', 'DiskPressure', 'KubeletHasDiskPressure', 'kubelet has disk pressure', 512, 'ephemeral-storage'],
  ] as const)('%s: the kubelet says so and evicts', (kind, type, reason, message, available, resource) => {
    const symptoms = new Symptoms(kind, { parameters: { available } });
    const node = nodeOf(symptoms);
    expect(node.condition(type)).toEqual({ status: 'True', reason, message });
    expect(node.taints).toContain(`node.kubernetes.io/${kind}:NoSchedule`);
    const told = symptoms.warnings('Pod ').filter((text) => text.startsWith('Evicted: '));
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatch(
      new RegExp(
        `^Evicted: The node was low on resource: ${resource}\\. Threshold quantity: \\w+, available: ${available * 1024}Ki\\.`,
      ),
    );
    expect(nodeOf(symptoms.repair()).condition(type).status).toBe('False');
  });

  it.each([
    [
      'sandbox-fails',
      'plugin type="calico" failed \\(add\\): stat /var/lib/calico/nodename: no such file or directory: ' +
        'check that the calico/node container is running and has mounted /var/lib/calico/',
    ],
    [
      'pod-addresses-exhausted',
      'plugin type="ptp" failed \\(add\\): failed to allocate for range 0: no IP addresses available in range set: ' +
        '10\\.\\d+\\.\\d+\\.1-10\\.\\d+\\.\\d+\\.254',
    ],
  ])('%s: pods of the node get no sandbox after a reboot', (kind, words) => {
    const symptoms = new Symptoms(kind);
    const node = nodeOf(symptoms);
    expect(symptoms.warnings(`Node ${node.name}`)).toEqual([
      expect.stringMatching(`^Rebooted: Node ${node.name} has been rebooted, boot id: `),
    ]);
    expect(node.condition('Ready').status).toBe('True');
    expect(symptoms.warnings('Pod ')).toContainEqual(
      expect.stringMatching(
        `^FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": ${words}$`,
      ),
    );
  });

  it('node-cordoned leaves one node unschedulable', () => {
    const symptoms = new Symptoms('node-cordoned');
    const { name } = nodeOf(symptoms);
    expect(symptoms.cluster.api.store.get(NODES, '', name)?.spec).toMatchObject({
      unschedulable: true,
      taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
    });
    symptoms.repair();
    expect(symptoms.cluster.api.store.get(NODES, '', name)?.spec?.unschedulable).toBeUndefined();
    expect(nodeOf(symptoms).taints).toEqual([]);
  });

  it.each([
    ['all-nodes-cordoned', {}, '6 node(s) were unschedulable'],
    ['nodes-tainted', { effect: 'NoSchedule' }, '6 node(s) had untolerated taint(s)'],
  ] as const)('%s: whatever is restarted waits', (kind, parameters, why) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront', parameters });
    expect(symptoms.warnings('Pod shop/storefront')).toContain(
      `FailedScheduling: 0/6 nodes are available: ${why}. ${UNHELPFUL}`,
    );
    expect(symptoms.repair().unscheduled('shop')).toEqual([]);
  });

  it('nodes-tainted with NoExecute puts pods off the nodes', () => {
    const symptoms = new Symptoms('nodes-tainted', { parameters: { effect: 'NoExecute' } });
    const evicted = symptoms.events('Pod ', ({ reason }) => reason === 'TaintManagerEviction');
    expect(evicted).toContainEqual(expect.stringMatching(/^TaintManagerEviction: Marking for deletion Pod /));
    const pools = symptoms.fault.touched.filter((one) => one.startsWith('node pool '));
    expect(pools).toHaveLength(1);
  });
});
