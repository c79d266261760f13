import { describe, expect, it } from 'vitest';
import { NODES } from '../api/built-in-types.ts';
import { schedulingCluster } from './scheduler.suite.ts';

describe('the scheduler', () => {
  it('binds a pod to a node that has room, and says so', () => {
    const { addNode, addPod, settle, get, conditionOf, events } = schedulingCluster();
    addNode('n1');
    addPod('web', { requests: { cpu: '1' } });
    settle();
    expect(get('web').spec?.nodeName).toBe('n1');
    expect(conditionOf('web')).toMatchObject({ status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z' });
    expect(events('web')).toMatchObject([
      { type: 'Normal', reason: 'Scheduled', action: 'Binding', message: 'Successfully assigned shop/web to n1' },
    ]);
  });

  it('says why no node takes a pod, once, and binds it when a node comes', () => {
    const { addNode, addPod, settle, get, conditionOf, nodeOf } = schedulingCluster();
    addNode('n1', { capacity: { cpu: '1' } });
    addPod('web', { requests: { cpu: '2' } });
    settle();
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    expect(conditionOf('web')).toMatchObject({ status: 'False', reason: 'Unschedulable', message });
    const { resourceVersion } = get('web').metadata;
    settle(600_000);
    expect(get('web').metadata.resourceVersion).toBe(resourceVersion);
    addNode('n2');
    settle();
    expect(nodeOf('web')).toBe('n2');
  });

  it('says so when there is no node', () => {
    const { addPod, settle, conditionOf } = schedulingCluster();
    addPod('web');
    settle();
    expect(conditionOf('web')).toMatchObject({ message: 'no nodes available to schedule pods' });
  });

  it('schedules the more important first, then the older', () => {
    const { addNode, addPod, settle, nodeOf } = schedulingCluster();
    addNode('n1', { capacity: { pods: '2' } });
    addPod('old');
    addPod('young');
    addPod('important', { priority: 10 });
    settle();
    expect([nodeOf('old'), nodeOf('young'), nodeOf('important')]).toEqual(['n1', undefined, 'n1']);
  });

  it('leaves pods alone that name another scheduler', () => {
    const { addNode, addPod, settle, get } = schedulingCluster();
    addNode('n1');
    addPod('web', { spec: { schedulerName: 'other' } });
    settle(400_000);
    expect(get('web').spec?.nodeName).toBeUndefined();
    expect(get('web').status?.conditions ?? []).toEqual([]);
  });

  it('makes room for a more important pod and waits for it', () => {
    const { addNode, addPod, settle, get, conditionOf, events, nodeOf } = schedulingCluster();
    addNode('n1', { capacity: { cpu: '2' } });
    addPod('low', { requests: { cpu: '2' }, priority: 0 });
    settle(30_000);
    const high = addPod('high', { requests: { cpu: '1' }, priority: 100 });
    settle();
    expect(get('low').metadata.deletionTimestamp).toBeDefined();
    expect(conditionOf('low', 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    expect(events('low').at(-1)).toMatchObject({
      reason: 'Preempted',
      message: `Preempted by pod ${high.metadata.uid} on node n1`,
    });
    expect(get('high').status?.nominatedNodeName).toBe('n1');
    expect(conditionOf('high')).toMatchObject({ message: '0/1 nodes are available: 1 Insufficient cpu.' });
    settle(60_000);
    expect(nodeOf('high')).toBe('n1');
    expect(get('high').status?.nominatedNodeName).toBeUndefined();
  });

  it('keeps a nominated place from less important pods', () => {
    const { addNode, addPod, settle, nodeOf } = schedulingCluster();
    addNode('n1', { capacity: { cpu: '2' } });
    addPod('low', { requests: { cpu: '2' } });
    settle(30_000);
    addPod('high', { requests: { cpu: '2' }, priority: 100 });
    settle();
    addPod('sly', { requests: { cpu: '1' } });
    settle(60_000);
    expect(nodeOf('high')).toBe('n1');
    expect(nodeOf('sly')).toBeUndefined();
  });

  it('goes on as the cluster changes: labels, taints, nodes that go', () => {
    const { addNode, addPod, settle, nodeOf, api } = schedulingCluster();
    addNode('n1');
    addPod('web', { spec: { nodeSelector: { disk: 'ssd' } } });
    settle();
    expect(nodeOf('web')).toBeUndefined();
    api.change(NODES, '', 'n1', (node) => ({
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, disk: 'ssd' } },
    }));
    settle();
    expect(nodeOf('web')).toBe('n1');
    api.delete(NODES, '', 'n1');
    addNode('n2');
    addPod('other');
    settle();
    expect(nodeOf('other')).toBe('n2');
  });
});
