/** Evictions and rejections: each text with who writes it since when, and what must be read from it. */
import type { EvictionMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (
  versions: string,
  cause: EvictionMessage['cause'],
  text: string,
  more: Partial<EvictionMessage> = {},
): Row<EvictionMessage> => [versions, text, { cause, ...more }];

export const rows: readonly Row<EvictionMessage>[] = [
  of(
    '1.26–1.36',
    'node-pressure',
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 82340Ki. Container app was using 3Gi, request is 1Gi, has larger consumption of memory. Container proxy was using 90Mi, request is 0, has larger consumption of memory. ',
    {
      resource: 'memory',
      containers: [
        { name: 'app', used: '3Gi', request: '1Gi' },
        { name: 'proxy', used: '90Mi', request: '0' },
      ],
    },
  ),
  of(
    '1.26–1.36',
    'node-pressure',
    'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. ',
    { resource: 'ephemeral-storage', containers: [] },
  ),
  of(
    '1.14–1.25',
    'node-pressure',
    'The node was low on resource: memory. Container app was using 3145728Ki, which exceeds its request of 1Gi. ',
    { resource: 'memory', containers: [{ name: 'app', used: '3145728Ki', request: '1Gi' }] },
  ),
  of(
    '1.23–1.25',
    'node-pressure',
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container app was using 3Gi, request is 1Gi. ',
    { containers: [{ name: 'app', used: '3Gi', request: '1Gi' }] },
  ),
  of('1.14–1.36', 'node-pressure', 'The node was low on resource: pids. ', { resource: 'pids' }),
  of('1.14', 'node-pressure', 'The node was low on resource: [DiskPressure].', { resource: 'ephemeral-storage' }),
  of('1.14–1.36', 'node-pressure', 'The node had condition: [MemoryPressure]. ', { resource: 'memory' }),
  of('1.14–1.36', 'node-pressure', 'The node had condition: [DiskPressure]. ', { resource: 'ephemeral-storage' }),
  of('1.14–1.36', 'storage-limit', 'Pod ephemeral local storage usage exceeds the total limit of containers 2Gi. ', {
    resource: 'ephemeral-storage',
  }),
  of('1.14–1.36', 'storage-limit', 'Container app exceeded its local ephemeral storage limit "1Gi". ', {
    resource: 'ephemeral-storage',
    containers: [{ name: 'app' }],
  }),
  of('1.14–1.36', 'storage-limit', 'Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ', {
    resource: 'ephemeral-storage',
  }),
  of('1.22–1.36', 'node-shutdown', 'Pod was rejected as the node is shutting down.'),
  of('1.22–1.36', 'node-shutdown', 'Pod was terminated in response to imminent node shutdown.'),
  of('1.20–1.21', 'node-shutdown', 'Node is shutting, evicting pods'),
  of('1.14–1.36', 'taint', 'Marking for deletion Pod prod/web-1'),
  of('1.25–1.36', 'taint', 'Taint manager: deleting due to NoExecute taint'),
  of('1.14–1.25', 'preempted', 'Preempted by prod/big on node n1'),
  of('1.26–1.36', 'preempted', 'Preempted by pod 1b-2 on node n1'),
  of('1.14–1.36', 'preempted', 'Preempted in order to admit critical pod'),
  of('1.26–1.36', 'preempted', 'default-scheduler: preempting to accommodate a higher priority pod'),
  of(
    '1.14–1.21',
    'admission',
    "Pod Node didn't have enough resource: cpu, requested: 1000, used: 3500, capacity: 4000".replace('Pod ', ''),
    { resource: 'cpu' },
  ),
  of(
    '1.30–1.36',
    'admission',
    "Pod was rejected: Node didn't have enough resource: memory, requested: 1, used: 2, capacity: 2",
    { resource: 'memory' },
  ),
  of('1.14–1.36', 'admission', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"),
  ['1.14–1.36', 'Cancelling deletion of Pod prod/web-1', undefined],
  ['all', '', undefined],
];
