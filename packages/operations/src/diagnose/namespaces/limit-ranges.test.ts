import type { KindMap, PodSpec } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { violationsOf, withDefaults } from './limit-ranges.ts';

function range(...limits: readonly object[]): KindMap['LimitRange'] {
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'limits' },
    spec: { limits },
  } as unknown as KindMap['LimitRange'];
}
const spec = (...resources: readonly object[]) =>
  ({ containers: resources.map((one, i) => ({ name: `c${i}`, resources: one })) }) as unknown as PodSpec;
const container = (fields: object) => range({ type: 'Container', ...fields });
const texts = (limits: KindMap['LimitRange'], template: PodSpec) =>
  violationsOf(template, [limits]).map(({ text }) => text);

describe('bounds', () => {
  it.each<[string, KindMap['LimitRange'], PodSpec, readonly string[]]>([
    [
      'a limit above the maximum',
      container({ max: { cpu: '1' } }),
      spec({ limits: { cpu: '1500m' } }),
      ['maximum cpu per Container is 1, but the limit is 1500m'],
    ],
    ['the very maximum', container({ max: { cpu: '1' } }), spec({ limits: { cpu: '1000m' } }), []],
    ['nothing stated where the maximum is the default', container({ max: { cpu: '1' } }), spec({}), []],
    [
      'a request above the maximum with the default limit',
      container({ max: { memory: '1Gi' } }),
      spec({ requests: { memory: '2Gi' } }),
      [
        'maximum memory per Container is 1Gi, but the request is 2Gi',
        'the default memory limit is 1Gi, but the request is 2Gi',
      ],
    ],
    [
      'a request below the minimum',
      container({ min: { cpu: '100m' } }),
      spec({ requests: { cpu: '50m' } }),
      ['minimum cpu per Container is 100m, but the request is 50m'],
    ],
    ['nothing stated where the minimum is the default request', container({ min: { cpu: '100m' } }), spec({}), []],
    [
      'a limit below the minimum',
      container({ min: { memory: '1Gi' } }),
      spec({ limits: { memory: '64Mi' } }),
      ['minimum memory per Container is 1Gi, but the request is 64Mi'],
    ],
    [
      'a ratio that is too large',
      container({ maxLimitRequestRatio: { cpu: '2' } }),
      spec({ requests: { cpu: '100m' }, limits: { cpu: '300m' } }),
      ['cpu limit may be at most 2 times the request per Container, but it is 3 times'],
    ],
    [
      'the very ratio',
      container({ maxLimitRequestRatio: { cpu: '1500m' } }),
      spec({ requests: { cpu: '100m' }, limits: { cpu: '150m' } }),
      [],
    ],
    [
      'a ratio without a limit',
      container({ maxLimitRequestRatio: { memory: '2' } }),
      spec({ requests: { memory: '1Gi' } }),
      ['memory limit may be at most 2 times the request per Container, but no limit is stated'],
    ],
    [
      'a request above the default limit',
      container({ default: { cpu: '500m' } }),
      spec({ requests: { cpu: '1' } }),
      ['the default cpu limit is 500m, but the request is 1'],
    ],
    [
      'a request above the default limit, with a limit of its own',
      container({ default: { cpu: '500m' } }),
      spec({ requests: { cpu: '1' }, limits: { cpu: '2' } }),
      [],
    ],
    [
      'a pod that is too large as a whole',
      range({ type: 'Pod', max: { cpu: '1' } }),
      spec({ limits: { cpu: '600m' } }, { limits: { cpu: '600m' } }),
      ['maximum cpu per Pod is 1, but the limit is 1200m'],
    ],
    [
      'a pod without limits under a maximum for pods',
      range({ type: 'Pod', max: { memory: '1Gi' } }),
      spec({ requests: { memory: '1Mi' } }),
      ['maximum memory per Pod is 1Gi, but no limit is stated'],
    ],
    [
      'bounds on claims',
      range({ type: 'PersistentVolumeClaim', max: { storage: '1Mi' } }),
      spec({ limits: { cpu: '64' } }),
      [],
    ],
    ['no bounds', { ...range(), spec: undefined } as unknown as KindMap['LimitRange'], spec({}), []],
  ])('judges %s', (_, limits, template, expected) => {
    expect(texts(limits, template)).toEqual(expected);
  });
  it('name the container, init containers included', () => {
    const template = {
      initContainers: [{ name: 'migrate', resources: { limits: { cpu: '4' } } }],
      containers: [{ name: 'app' }],
    } as unknown as PodSpec;
    expect(violationsOf(template, [container({ max: { cpu: '1' } })]).map((one) => one.container)).toEqual(['migrate']);
  });
});

describe('defaults', () => {
  it('fill what is not stated: limits first, then requests, of the first range that has them', () => {
    const ranges = [
      container({ default: { memory: '256Mi' }, defaultRequest: { cpu: '50m' } }),
      container({ default: { memory: '1Gi', cpu: '2' } }),
    ];
    const made = withDefaults(spec({ requests: { memory: '128Mi' } }, { limits: { cpu: '1' } }), ranges);
    expect(made.containers.map(({ resources }) => resources)).toEqual([
      { requests: { memory: '128Mi', cpu: '50m' }, limits: { memory: '256Mi', cpu: '2' } },
      { requests: { cpu: '1', memory: '256Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    ]);
  });
});
