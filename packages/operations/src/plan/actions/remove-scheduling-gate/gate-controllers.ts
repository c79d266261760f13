/** Who removes a scheduling gate: what runs under the name in the gate's prefix. */
import { refOf, refText } from '@aia/cluster';
import type { Planning } from '../../planning.ts';

/** Parts of a domain that say nothing about whose it is. */
const COMMON: ReadonlySet<string> = new Set([
  'x-k8s',
  'k8s',
  'kubernetes',
  'example',
  'com',
  'io',
  'org',
  'net',
  'dev',
]);

/** Deployments whose name holds the first telling part of the gate's prefix, as `kueue.x-k8s.io/admission` says Kueue. */
export function controllersOf(gate: string, { snapshot }: Planning): readonly string[] {
  const [prefix = ''] = gate.split('/');
  const [owner] = prefix.split('.').filter((part) => !COMMON.has(part));
  if (owner === undefined || !gate.includes('/')) return [];
  return snapshot
    .list('Deployment')
    .filter(({ metadata, status }) => metadata.name.includes(owner) && (status?.readyReplicas ?? 0) > 0)
    .map((one) => refText(refOf(one)))
    .sort();
}
