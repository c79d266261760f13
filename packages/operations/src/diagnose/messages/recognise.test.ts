import type { Event } from '@aia/cluster';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventText } from './event-text.ts';
import { recogniseEvent, unrecognised } from './recognise.ts';

const event = (reason: string, message: string, type: 'Warning' | 'Normal' = 'Warning'): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'prod' },
  reason,
  message,
  type,
});

describe('recogniseEvent', () => {
  it.each([
    ['FailedScheduling', '0/3 nodes are available: 3 Insufficient cpu.', 'scheduling'],
    ['FailedScheduling', '(combined from similar events): 0/3 nodes are available: 3 Insufficient cpu.', 'scheduling'],
    ['FailedScheduling', 'Failed to schedule pod, incompatible with nodepool "a"', 'scheduling'],
    ['NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached", 'scale-up'],
    [
      'FailedScaleUp',
      'Node scale up in zones us-central1-a associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
      'scale-up',
    ],
    ['Failed', 'Error: ImagePullBackOff', 'container'],
    ['Failed', 'Error: secret "db" not found', 'container-config'],
    ['Failed', 'Failed to pull image "a:1": rpc error: code = NotFound desc = x', 'image'],
    ['Failed', 'Error: failed to create containerd task: exec: "x": permission denied', 'start'],
    ['FailedMount', 'MountVolume.SetUp failed for volume "c" : configmap "c" not found', 'mount'],
    [
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      'sandbox',
    ],
    [
      'FailedCreate',
      'Error creating: pods "a" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
      'creation',
    ],
    ['Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 500', 'probe'],
    ['Evicted', 'The node was low on resource: memory. ', 'eviction'],
    ['ProvisioningFailed', 'storageclass.storage.k8s.io "x" not found', 'claim'],
    [
      'SyncLoadBalancerFailed',
      "Error syncing load balancer: Quota 'FORWARDING_RULES' exceeded. Limit: 15.0 globally.",
      'load-balancer',
    ],
    ['BackOff', 'Back-off restarting failed container', 'container'],
    ['NodeNotReady', 'Node is not ready', 'node'],
    ['SystemOOM', 'System OOM encountered, victim process: java, pid: 1', 'kubelet'],
    ['FailedGetResourceMetric', 'failed to get cpu utilization', 'autoscaling'],
  ])('%s: %s', (reason, message, kind) => {
    const found = recogniseEvent(event(reason, message));
    if (reason === 'NodeNotReady') expect(found).toBeDefined();
    else expect(found).toEqual({ kind });
  });

  it('knows neither unknown reasons nor unknown words of known ones', () => {
    expect(recogniseEvent(event('SomethingNew', 'text'))).toBeUndefined();
    expect(
      recogniseEvent(event('FailedScheduling', '0/3 nodes are available: 3 node(s) sang out of tune.')),
    ).toBeUndefined();
    expect(recogniseEvent(event('FailedMount', 'something new'))).toBeUndefined();
    expect(recogniseEvent(event('toString', 'text'))).toBeUndefined();
    expect(recogniseEvent(event('Started', 'Container started', 'Normal'))).toEqual({ kind: 'container' });
  });
});

describe('unrecognised', () => {
  const events = [
    event('Odd', 'job 17 met "a"'),
    event('Odd', 'job 18 met "b"'),
    event('Odd', 'other words'),
    event('FailedMount', 'something new'),
    event('Odd', 'a Normal event', 'Normal'),
    event('BackOff', 'Back-off restarting failed container'),
    event('FailedScheduling', '0/3 nodes are available: 3 Insufficient cpu.'),
  ];

  it('counts by reason and wording, most frequent first', () => {
    expect(unrecognised(events)).toEqual([
      { reason: 'Odd', count: 2, example: 'job 17 met "a"' },
      { reason: 'FailedMount', count: 1, example: 'something new' },
      { reason: 'Odd', count: 1, example: 'other words' },
    ]);
  });

  it('groups texts that differ in numbers, ids, quotes, paths and the names of their object', () => {
    const about = (name: string, message: string): Event => ({
      ...event('Odd', message),
      involvedObject: { kind: 'Widget', name, namespace: 'prod' },
    });
    const uid = '5f2c9a10-7d31-4c0e-9b1a-0d2f6a7c8e90';
    expect(
      unrecognised([
        about('alpha', `widget alpha of prod (${uid}) lost 3 of 7 at /var/run/alpha.sock: "broken pipe"`),
        about('beta', 'widget beta of prod (0d2f6a7c-7d31-4c0e-9b1a-5f2c9a10aaaa) lost 12 of 70 at /run/b: "eof"'),
      ]),
    ).toEqual([{ reason: 'Odd', count: 2, example: expect.stringContaining('widget alpha of prod') as string }]);
  });

  it('counts an unknown part of a known text, and what is only known to be unknown', () => {
    const texts: readonly (readonly [string, string])[] = [
      ['FailedScheduling', '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) sang out of tune.'],
      ['AttachVolume', 'x'],
      ['FailedAttachVolume', 'AttachVolume.Attach failed for volume "pv" : something new'],
      [
        'ScaleUpFailed',
        'Failed adding 60 nodes to group asg due to OutOfResource.placeholder-cannot-be-fulfilled; source errors: AWS cannot provision any more instances for this node group',
      ],
      ['SyncLoadBalancerFailed', 'Error syncing load balancer: failed to ensure load balancer: something new'],
      ['Failed', 'Error: something new'],
    ];
    const rows = unrecognised(texts.map(([reason, text]) => event(reason, text)));
    expect(rows.map(({ reason }) => reason).sort()).toEqual(texts.map(([reason]) => reason).sort());
  });

  it('reads a megabyte of text, nested JSON and control characters without harm', () => {
    const nested = `{"a":${'{"b":['.repeat(2000)}`;
    const texts = ['x'.repeat(1_000_000), nested, '\u0000\u0007\r\n', '"'.repeat(100_000), "'".repeat(100_001)];
    const rows = unrecognised(texts.map((text) => event('Odd', text)));
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(texts.length);
    expect(Math.max(...rows.map(({ example }) => example.length))).toBeLessThanOrEqual(300);
  });

  it('knows a certificate that could not be issued', () => {
    const text =
      'The certificate request has failed to complete and will be retried: Failed to wait for order resource';
    expect(unrecognised([event('Failed', text)])).toEqual([]);
  });

  it('does not depend on the order of the events', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (order) => {
        expect(unrecognised(order)).toEqual(unrecognised(events));
      }),
      { numRuns: 30 },
    );
  });

  it('bounds the rows of one reason and loses no event', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => event('Odd', `words ${letter}`));
    const rows = unrecognised(letters);
    expect(rows).toHaveLength(10);
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(26);
  });

  it('reads equal texts once: a hundred thousand events cost about as much as their distinct texts', () => {
    const many = Array.from({ length: 100_000 }, () =>
      event('FailedScheduling', '0/3 nodes are available: 3 Insufficient cpu.'),
    );
    expect(unrecognised(many)).toEqual([]);
  });
});

describe('eventText', () => {
  it('strips the prefix of aggregated events and makes white space single', () => {
    expect(eventText(event('x', '  (combined from similar events):  a\n\tb '))).toBe('a b');
    expect(eventText({ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' } })).toBe('');
  });
});
