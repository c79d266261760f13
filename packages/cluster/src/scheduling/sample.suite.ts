/** Small clusters for the tests of this folder, admitted as dumps are. */
import { expect, it } from 'vitest';
import type { Pod } from '../model/kinds.ts';
import { SnapshotBuilder } from '../snapshot/builder.ts';
import type { ClusterSnapshot, MissingInput } from '../snapshot/snapshot.ts';
import { createWorld, filterNode } from './world.ts';

export type Json = Record<string, unknown>;

export function snapshotOf(objects: readonly Json[], missing: readonly MissingInput[] = []): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of objects) builder.add(structuredClone(object), 'sample');
  return builder.build({
    source: { kind: 'example', name: 'sample' },
    observedAt: Date.parse('2025-09-27T12:00:00Z'),
    missing,
  });
}

export interface NodeSample {
  readonly allocatable?: Json;
  readonly labels?: Json;
  readonly annotations?: Json;
  readonly spec?: Json;
}

export function node(
  name: string,
  { allocatable = {}, labels = {}, annotations = {}, spec = {} }: NodeSample = {},
): Json {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels }, annotations },
    spec,
    status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110', ...allocatable } },
  };
}

export interface PodSample {
  readonly namespace?: string;
  readonly labels?: Json;
  readonly requests?: Json;
  readonly spec?: Json;
  readonly container?: Json;
  readonly metadata?: Json;
  readonly status?: Json;
}

export function pod(
  name: string,
  {
    namespace = 'shop',
    labels = {},
    requests = {},
    spec = {},
    container = {},
    metadata = {},
    status = {},
  }: PodSample = {},
): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, ...metadata },
    spec: { containers: [{ name: 'app', image: 'app:1', resources: { requests }, ...container }], ...spec },
    status: { phase: 'Pending', ...status },
  };
}

/** A volume that mounts a claim. */
export function claimVolume(claimName: string): Json {
  return { volumes: [{ name: claimName, persistentVolumeClaim: { claimName } }] };
}

export function claim(name: string, spec: Json = {}, status: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'shop' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } }, ...spec },
    status: { phase: 'Pending', ...status },
  };
}

export function boundClaim(name: string, volumeName: string, spec: Json = {}): Json {
  return claim(name, { volumeName, ...spec }, { phase: 'Bound' });
}

export function volume(name: string, spec: Json = {}, labels: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels },
    spec: { capacity: { storage: '10Gi' }, accessModes: ['ReadWriteOnce'], ...spec },
    status: { phase: 'Bound' },
  };
}

export function storageClass(name: string, fields: Json = {}): Json {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'pd.csi.storage.gke.io',
    ...fields,
  };
}

export function podIn(snapshot: ClusterSnapshot, name: string, namespace = 'shop'): Pod {
  const found = snapshot.get('Pod', namespace, name);
  if (found === undefined) throw new RangeError(`pod ${namespace}/${name}: is not in the sample`);
  return found;
}

export const ZONE = 'topology.kubernetes.io/zone';

export function zonal(name: string, zone: string): Json {
  return node(name, { labels: { [ZONE]: zone } });
}

/** A pod that runs, on `n1` unless said otherwise. */
export function running(name: string, sample: PodSample = {}, on = 'n1'): Json {
  return pod(name, { ...sample, spec: { ...sample.spec, nodeName: on }, status: { phase: 'Running' } });
}

export function spec(fields: Json): { readonly spec: Json } {
  return { spec: fields };
}

/** One row of a filter's table. The pod named `new` is asked about. */
export interface FilterCase {
  readonly name: string;
  readonly objects: readonly Json[];
  /** `n1` by default. */
  readonly on?: string;
  readonly reasons: readonly string[];
}

/** One test per row. */
export function check(cases: readonly FilterCase[]): void {
  it.each(cases)('$name', ({ objects, on = 'n1', reasons }) => {
    const snapshot = snapshotOf(objects);
    expect(filterNode(podIn(snapshot, 'new'), on, createWorld(snapshot))).toEqual(reasons);
  });
}
