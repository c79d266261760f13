import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { BUILT_IN_TYPES } from '../../api/built-in-types.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { customTable } from './custom-table.ts';
import { humanDuration } from './duration.ts';
import { PODS_TABLE } from './pod-table.ts';
import { printerOf } from './table.ts';

const NOW = Date.UTC(2025, 0, 2);

describe('humanDuration', () => {
  it.each([
    [-5000, '<invalid>'],
    [-1000, '0s'],
    [0, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [200_000, '3m20s'],
    [600_000, '10m'],
    [179 * 60_000, '179m'],
    [3 * 3_600_000, '3h'],
    [5 * 3_600_000 + 600_000, '5h10m'],
    [47 * 3_600_000, '47h'],
    [50 * 3_600_000, '2d2h'],
    [9 * 86_400_000, '9d'],
    [800 * 86_400_000, '2y70d'],
    [3650 * 86_400_000, '10y'],
  ])('%i ms are %s', (ms, text) => expect(humanDuration(ms)).toBe(text));
});

type Status = NonNullable<Pod['status']>;
type Containers = NonNullable<Status['containerStatuses']>;

function container(
  name: string,
  state: NonNullable<Containers[number]['state']>,
  more: Partial<Containers[number]> = {},
): Containers[number] {
  return { name, image: 'a', imageID: '', ready: state.running !== undefined, restartCount: 0, state, ...more };
}

function pod(
  status: Status,
  spec: Partial<NonNullable<Pod['spec']>> = {},
  metadata: Partial<Pod['metadata']> = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2025-01-01T23:59:00Z', ...metadata },
    spec: { containers: [{ name: 'a', image: 'a' }], ...spec },
    status,
  };
}

describe('pods in tables', () => {
  const RUNNING = { running: { startedAt: '2025-01-01T23:59:00Z' } };
  it.each<[string, Pod, readonly unknown[]]>([
    ['one that runs', pod({ phase: 'Running', containerStatuses: [container('a', RUNNING)] }), ['1/1', 'Running', '0']],
    [
      'one that crashed',
      pod({
        phase: 'Running',
        containerStatuses: [
          container(
            'a',
            { waiting: { reason: 'CrashLoopBackOff' } },
            { restartCount: 4, lastState: { terminated: { exitCode: 1, finishedAt: '2025-01-01T23:58:00Z' } } },
          ),
        ],
      }),
      ['0/1', 'CrashLoopBackOff', '4 (2m ago)'],
    ],
    [
      'one whose first init container failed',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [container('i', { terminated: { exitCode: 2, reason: 'Error' } }, { ready: false })],
          containerStatuses: [container('a', { waiting: { reason: 'PodInitializing' } })],
        },
        { initContainers: [{ name: 'i', image: 'a' }] },
      ),
      ['0/1', 'Init:Error', '0'],
    ],
    [
      'one that initialises',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [
            container('i', RUNNING, { ready: false }),
            container('j', { waiting: { reason: 'PodInitializing' } }),
          ],
        },
        {
          initContainers: [
            { name: 'i', image: 'a' },
            { name: 'j', image: 'a' },
          ],
        },
      ),
      ['0/1', 'Init:0/2', '0'],
    ],
    [
      'one with a sidecar',
      pod(
        {
          phase: 'Running',
          initContainerStatuses: [container('s', RUNNING, { started: true })],
          containerStatuses: [container('a', RUNNING)],
        },
        { initContainers: [{ name: 's', image: 'a', restartPolicy: 'Always' }] },
      ),
      ['2/2', 'Running', '0'],
    ],
    [
      'one killed by a signal',
      pod({ phase: 'Failed', containerStatuses: [container('a', { terminated: { exitCode: 137, signal: 9 } })] }),
      ['0/1', 'Signal:9', '0'],
    ],
    ['one that was evicted', pod({ phase: 'Failed', reason: 'Evicted' }), ['0/1', 'Evicted', '0']],
    [
      'one that is held by gates',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
      ['0/1', 'SchedulingGated', '0'],
    ],
    [
      'one that ends',
      pod(
        { phase: 'Running', containerStatuses: [container('a', RUNNING)] },
        {},
        { deletionTimestamp: '2025-01-02T00:00:00Z' },
      ),
      ['1/1', 'Terminating', '0'],
    ],
    [
      'one that ends on a lost node',
      pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: '2025-01-02T00:00:00Z' }),
      ['0/1', 'Unknown', '0'],
    ],
  ])('%s', (_, object, expected) => {
    expect(PODS_TABLE.cells(object, NOW).slice(1, 4)).toEqual(expected);
  });
});

describe('tables', () => {
  it('have as many cells as columns for every kind, whatever an object lacks', () => {
    const { api } = new SimulatedCluster();
    for (const type of BUILT_IN_TYPES) {
      const printer = printerOf(type, api.store);
      const bare = {
        apiVersion: 'v1',
        kind: type.kind,
        metadata: { name: 'bare' },
        spec: { containers: [], drivers: [], source: {}, template: {}, jobTemplate: {}, scaleTargetRef: {} },
        addressType: 'IPv4',
        provisioner: 'a',
      };
      expect([type.kind, printer.cells(bare as unknown as KubeObject, NOW).length]).toEqual([
        type.kind,
        printer.columns.length,
      ]);
    }
  });

  it('show of custom resources what their definition names', () => {
    const definition = {
      ...{
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'things.example.com' },
      },
      spec: {
        versions: [
          {
            name: 'v1',
            additionalPrinterColumns: [
              { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
              { name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 1, description: 'How large' },
              { name: 'Since', type: 'date', jsonPath: '.status.at' },
              { name: 'Dotted', type: 'string', jsonPath: '.metadata.labels.example\\.com/a' },
            ],
          },
        ],
      },
    };
    const printer = customTable(definition as unknown as KubeObject, 'v1');
    expect(printer.columns.map(({ name, priority }) => `${name}${priority}`)).toEqual([
      'Name0',
      'Ready0',
      'Size1',
      'Since0',
      'Dotted0',
    ]);
    const object = {
      ...{ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one', labels: { 'example.com/a': 'b' } } },
      spec: { size: 3 },
      status: { at: '2025-01-01T23:59:00Z', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    expect(printer.cells(object as unknown as KubeObject, NOW)).toEqual(['one', 'True', 3, '60s', 'b']);
    expect(printer.cells({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'two' } }, NOW)).toEqual([
      'two',
      '',
      '',
      '<unknown>',
      '',
    ]);
  });
});
