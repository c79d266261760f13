/** A dump that holds no clock must not let a failure pass for a start because it is the newest thing in it. */
import { describe, expect, it } from 'vitest';
import { assess } from '../../assess.ts';
import { examine } from '../rule.suite.ts';
import { ago, brief, deployment, event, findingsIn, NOW, node, pod, state } from '../scene.suite.ts';

const unschedulable = (minutes: number) =>
  pod('api-1-a', {
    age: minutes,
    phase: 'Pending',
    spec: { nodeName: undefined },
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/3 nodes are available: 3 Insufficient memory.',
          lastTransitionTime: ago(minutes),
        },
      ],
    },
  });
const waiting = (reason: string, message = '') =>
  pod('api-1-a', { age: 0, unreadyFor: 0, phase: 'Pending', statuses: [state.waiting(reason, message)] });

describe('in a dump of pods alone, the newest pod', () => {
  it.each([
    ['no node takes', unschedulable(0), 'high pod-unschedulable api-1-a'],
    ['has no image', waiting('ImagePullBackOff', 'not found'), 'high container-image-pull-failed api-1-a'],
    [
      'lacks a Secret',
      waiting('CreateContainerConfigError', 'secret "db" not found'),
      'high container-config-error api-1-a',
    ],
  ])('that %s is a finding, with no age made up', (_, failing, finding) => {
    const findings = findingsIn([pod('web-1-a'), failing]);
    expect(brief(findings)).toContain(finding);
    expect(findings.map(({ message }) => message).join()).not.toMatch(/ for 0 s/);
  });

  it('counts as failing, and the verdict names its cause', () => {
    const { cluster, verdict } = assess(
      examine({ observedAt: NOW, objects: [pod('web-1-a'), unschedulable(0)] }).snapshot,
      {
        version: 'test',
      },
    );
    expect(cluster.pods).toEqual({ total: 2, succeeding: 1, failing: 1 });
    expect(verdict.status).toBe('not-ready');
  });

  it('is no finding while it merely starts', () => {
    expect(brief(findingsIn([pod('web-1-a'), waiting('ContainerCreating')]))).toEqual([]);
  });
});

it('a Deployment that was read alone and has no replica is a finding though it changed last of all', () => {
  const down = deployment(2, 0, {
    status: {
      replicas: 2,
      conditions: [
        { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', lastTransitionTime: NOW },
      ],
    },
  });
  expect(brief(findingsIn([down]))).toEqual(['high deployment-unavailable web']);
});

it.each([
  ['a node', [node('n')], 0],
  ['an event', [event(pod('web-1-a'), 'Pulled', '', 0, { type: 'Normal' })], 0],
  ['the moment of a collection that is later', [], 2],
])('%s tells the time, so that a pod may be new', (_, clock, minutes) => {
  const findings = findingsIn([pod('web-1-a'), unschedulable(minutes), ...clock]);
  expect(findings.filter(({ code }) => code === 'pod-unschedulable')).toEqual([]);
});
