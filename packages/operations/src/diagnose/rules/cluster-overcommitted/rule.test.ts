import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { condition, deployment, node, NOW, object, pod } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const requests = (cpu: string, memory: string) => ({
  containers: [{ name: 'app', resources: { requests: { cpu, memory } } }],
});
const full = [
  node('n1'),
  node('n2'),
  pod('a', requests('3', '10Gi')),
  pod('b', { ...requests('3', '10Gi'), spec: { nodeName: 'n2' } }),
];
const group = (target: number, maxSize: number) => ({
  name: 'pool',
  health: 'Healthy',
  ready: target,
  target,
  minSize: 1,
  maxSize,
  scaleUp: 'NoActivity',
  scaleDown: 'NoCandidates',
  backoff: undefined,
});
const autoscaler = (target: number, maxSize: number) => ({
  autoscaler: {
    format: 'yaml' as const,
    updatedAt: undefined,
    status: 'Running',
    health: 'Healthy',
    scaleUp: '',
    scaleDown: '',
    nodeGroups: [group(target, maxSize)],
  },
});
const codes = (objects: readonly unknown[], more = {}) =>
  check(rule, examine({ observedAt: NOW, objects, ...more })).map(({ facts }) => facts['resource']);

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says what remains and what is requested', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'low',
      facts: { resource: 'CPU', requested: 2500, remaining: 2000, node: 'node-1', nodes: 2 },
    });
    expect(finding?.message).toContain(
      'Without its largest node (node-1) the cluster has 2 CPU, and its pods request 2.5 CPU',
    );
  });
  it('judges CPU and memory apart', () => {
    expect(codes(full)).toEqual(['CPU', 'memory']);
  });
  it('counts an autoscaler at its maximum as no growth', () => {
    expect(codes(full, { cloud: autoscaler(3, 3) })).toEqual(['CPU', 'memory']);
  });
  it.each<[string, readonly unknown[], object]>([
    ['whose autoscaler has room', full, { cloud: autoscaler(2, 3) }],
    [
      'that runs an autoscaler of unknown bounds',
      [...full, { ...deployment(1, 1), metadata: { name: 'cluster-autoscaler', namespace: 'kube-system' } }],
      {},
    ],
    [
      'of Karpenter',
      [
        ...full,
        object('v1', 'Node', 'n3', {
          metadata: { namespace: undefined, labels: { 'karpenter.sh/nodepool': 'default' } },
        }),
      ],
      {},
    ],
    ['of one node', [node('n1'), pod('a', requests('3', '10Gi'))], {}],
    [
      'whose second node is lost, which is a finding by itself',
      [node('n1'), node('n2', [condition('Ready', 'False', 60)]), pod('a', requests('3', '10Gi'))],
      {},
    ],
    [
      'in which a pod waits for a node',
      [
        ...full,
        pod('c', {
          phase: 'Pending',
          spec: { nodeName: undefined },
          status: { conditions: [condition('PodScheduled', 'False', 60, { reason: 'Unschedulable' })] },
        }),
      ],
      {},
    ],
    ['without requests', [node('n1'), node('n2'), pod('a')], {}],
  ])('stays silent for a cluster %s', (_, objects, more) => {
    expect(codes(objects, more)).toEqual([]);
  });
});
