import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAST_UPDATED, parseAutoscalerStatus } from './autoscaler-status.ts';
import { goTime } from './autoscaler-time.ts';
import { groupPool, groupZone } from './node-group.ts';

const group =
  'https://www.googleapis.com/compute/v1/projects/aia-prod/zones/us-central1-a/instanceGroups/gke-aia-prod-default-pool-9b8d4c5f-grp';

const yaml = `time: 2025-09-27 08:10:11.123456789 +0000 UTC
autoscalerStatus: Running
clusterWide:
  health:
    status: Healthy
    nodeCounts:
      registered:
        total: 6
        ready: 6
        notStarted: 0
      longUnregistered: 0
      unregistered: 0
    lastProbeTime: "2025-09-27T08:10:11Z"
    lastTransitionTime: null
  scaleUp:
    status: InProgress
  scaleDown:
    status: NoCandidates
nodeGroups:
- name: ${group}
  health:
    status: Healthy
    nodeCounts:
      registered:
        total: 2
        ready: 2
    cloudProviderTarget: 2
    minSize: 1
    maxSize: 5
  scaleUp:
    status: Backoff
    backoffInfo:
      errorCode: QUOTA_EXCEEDED
      errorMessage: "Instance 'gke-1' creation failed: Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1."
  scaleDown:
    status: NoCandidates
- name: idle
  health:
    status: Healthy
  scaleUp:
    status: NoActivity
    backoffInfo: {}
  scaleDown:
    status: NoCandidates
`;

const legacy = `Cluster-autoscaler status at 2020-02-18 13:36:37.120 +0000 UTC:
Cluster-wide:
  Health:      Healthy (ready=4 unready=0 notStarted=0 longNotStarted=0 registered=4 longUnregistered=0)
               LastProbeTime:      2020-02-18 13:36:36.9 +0000 UTC m=+100.1
               LastTransitionTime: 2020-02-18 12:00:00 +0000 UTC m=+1.1
  ScaleUp:     InProgress (ready=4 registered=4)
  ScaleDown:   CandidatesPresent (candidates=1)

NodeGroups:
  Name:        ${group}
  Health:      Healthy (ready=1 unready=0 (resourceUnready=0) notStarted=0 longNotStarted=0 registered=1 longUnregistered=0 cloudProviderTarget=2 (minSize=1, maxSize=3))
  ScaleUp:     Backoff (ready=1 cloudProviderTarget=2)
  ScaleDown:   NoCandidates (candidates=0)
`;

describe('parseAutoscalerStatus', () => {
  it('reads YAML: Go time, null timestamps, back-off and its empty form', () => {
    const { value, problems } = parseAutoscalerStatus(yaml);
    expect(problems).toEqual([]);
    expect(value).toMatchObject({
      format: 'yaml',
      status: 'Running',
      health: 'Healthy',
      scaleUp: 'InProgress',
      scaleDown: 'NoCandidates',
    });
    expect(value?.updatedAt).toBe(Date.UTC(2025, 8, 27, 8, 10, 11, 123));
    expect(value?.nodeGroups).toEqual([
      {
        name: group,
        health: 'Healthy',
        ready: 2,
        target: 2,
        minSize: 1,
        maxSize: 5,
        scaleUp: 'Backoff',
        scaleDown: 'NoCandidates',
        backoff: {
          errorCode: 'QUOTA_EXCEEDED',
          errorMessage: expect.stringContaining("Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1."),
        },
      },
      {
        name: 'idle',
        health: 'Healthy',
        ready: 0,
        target: 0,
        minSize: 0,
        maxSize: 0,
        scaleUp: 'NoActivity',
        scaleDown: 'NoCandidates',
        backoff: undefined,
      },
    ]);
  });

  it('reads the text format with nested parentheses', () => {
    const { value } = parseAutoscalerStatus(legacy);
    expect(value).toMatchObject({
      format: 'text',
      status: 'Running',
      health: 'Healthy',
      scaleUp: 'InProgress',
      scaleDown: 'CandidatesPresent',
    });
    expect(value?.updatedAt).toBe(Date.UTC(2020, 1, 18, 13, 36, 37, 120));
    expect(value?.nodeGroups).toEqual([
      {
        name: group,
        health: 'Healthy',
        ready: 1,
        target: 2,
        minSize: 1,
        maxSize: 3,
        scaleUp: 'Backoff',
        scaleDown: 'NoCandidates',
        backoff: undefined,
      },
    ]);
  });

  it('falls back to the annotation for the time', () => {
    const text = yaml.replace(/^time:.*\n/, '');
    expect(parseAutoscalerStatus(text, { [LAST_UPDATED]: '2025-09-27 08:00:00 +0000 UTC' }).value?.updatedAt).toBe(
      Date.UTC(2025, 8, 27, 8),
    );
    expect(parseAutoscalerStatus(text).value?.updatedAt).toBeUndefined();
  });

  it('gives undefined and a reason for anything else', () => {
    const bomb = `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nnodeGroups: [${'*b,'.repeat(50)}]`;
    for (const text of ['', 'hello', '[1]', '{', bomb, 'x'.repeat(2 << 20), '['.repeat(100_000)]) {
      const { value, problems } = parseAutoscalerStatus(text);
      expect(value).toBeUndefined();
      expect(problems).toHaveLength(1);
    }
  });

  it('never throws on damaged input', () => {
    const damaged = fc.tuple(fc.constantFrom(yaml, legacy), fc.nat(2000), fc.nat(80), fc.string({ maxLength: 10 }));
    fc.assert(
      fc.property(damaged, ([text, at, cut, put]) => {
        parseAutoscalerStatus(text.slice(0, at) + put + text.slice(at + cut));
      }),
      { numRuns: 500 },
    );
  });
});

describe('goTime', () => {
  it('reads what Go and RFC 3339 write', () => {
    const at = Date.UTC(2025, 0, 2, 3, 4, 5);
    for (const text of [
      '2025-01-02 03:04:05 +0000 UTC',
      '2025-01-02 03:04:05.000000001 +0000 UTC m=+12.5',
      '2025-01-02T03:04:05Z',
      '2025-01-02 05:04:05 +0200 CEST',
    ]) {
      expect(goTime(text), text).toBe(at);
    }
    for (const text of ['0001', '', 'yesterday', '2025-13-45 00:00:00 +0000 UTC', undefined, 7])
      expect(goTime(text)).toBeUndefined();
  });
});

describe('groupZone and groupPool', () => {
  it('read names of GKE managed instance groups and nodes', () => {
    expect(groupZone(group)).toBe('us-central1-a');
    expect(groupZone('gke-a-b-9b8d4c5f-grp')).toBeUndefined();
    expect(groupPool(group)).toBe('default-pool');
    expect(groupPool(group, 'aia-prod')).toBe('default-pool');
    expect(groupPool('gke-aia-prod-n2-high-9b8d4c5f-grp', 'aia-prod')).toBe('n2-high');
    expect(groupPool('gke-aia-prod-n2-high-9b8d4c5f-x7k2', 'aia-prod')).toBe('n2-high');
    expect(groupPool('gke-aia-pool1-9b8d4c5f-grp')).toBe('pool1');
  });

  it('answer nothing where the name does not tell', () => {
    expect(groupPool('gke-aia-prod-n2-high-9b8d4c5f-grp')).toBeUndefined();
    expect(groupPool('eks-nodes-1', 'aia')).toBeUndefined();
    expect(groupPool('gke-other-pool-9b8d4c5f-grp', 'aia')).toBeUndefined();
  });
});
