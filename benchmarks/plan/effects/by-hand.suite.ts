/** What persons do who follow an instruction, on the twin. */
import type { KubeObject, Pod, PodSpec, ResourceRef } from '@aia/cluster';
import { templateOf, type Planning } from '../../../packages/operations/src/plan/planning.ts';
import type { Hand } from './shown.suite.ts';

const DAY = 24 * 3_600_000;

/** Room for more pods in the subnet. */
export function addingPodRange({ cluster }: Hand): void {
  if (cluster.cloud !== undefined) cluster.cloud.conditions.podRangeNodes = 1000;
}

/** The agents of the cluster may do again what they were refused. */
export function givingRights({ cluster }: Hand): void {
  cluster.cloud?.grant('roles/container.serviceAgent');
}

/** The Secret with all keys that pods of its namespace ask for. */
export function makingSecret({ writes, planning, target: { namespace, name } }: Hand): void {
  const keys = planning.snapshot.listIn('Pod', namespace).flatMap(({ spec }) => keysOf(spec, name));
  const stringData = Object.fromEntries(keys.map((key) => [key, 'from the vault']));
  writes.create({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } },
    stringData,
  } as unknown as KubeObject);
}

function keysOf(spec: PodSpec | undefined, secret: string): readonly string[] {
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
    .flatMap(({ env = [] }) => env)
    .flatMap(({ valueFrom }) => (valueFrom?.secretKeyRef?.name === secret ? [valueFrom.secretKeyRef.key] : []));
}

function podSpecOf(planning: Planning, target: ResourceRef): PodSpec {
  const workload = planning.object(target);
  const template = workload === undefined ? undefined : templateOf(workload);
  return (template?.spec as PodSpec | undefined) ?? { containers: [] };
}

/** The credentials of a registry. */
export function makingPullSecret({ writes, target: { namespace, name } }: Hand): void {
  writes.create({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } },
    ...{ type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': btoa('{"auths":{}}') } },
  } as KubeObject);
}

/** The owner ships a program that works. */
export function changingImage({ writes, planning, target }: Hand): void {
  const fixed = podSpecOf(planning, target).containers.map(({ name, image = '' }) => ({
    name,
    image: `${image.replace(/:[^:/]+$/, '')}:fixed`,
  }));
  writes.patch(target, { type: 'strategic', patch: { spec: { template: { spec: { containers: fixed } } } } });
}

/** The issuer that a Certificate names. */
export function makingIssuer({ writes, planning, target }: Hand): void {
  const { spec } = planning.object(target) as { spec?: { issuerRef?: { name?: string } } };
  writes.create({
    ...{ apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: spec?.issuerRef?.name ?? '' } },
    spec: { acme: { server: 'https://acme.example.com/directory', privateKeySecretRef: { name: 'account' } } },
  } as KubeObject);
}

/** The same certificate once more, for ninety days. */
export function renewing({ cluster, target: { namespace, name } }: Hand): void {
  const facts = cluster.certificates.ofSecret(namespace, name);
  const { now } = cluster.clock;
  if (facts !== undefined) cluster.certificates.put({ ...facts, notBeforeAt: now, notAfterAt: now + 90 * DAY });
}

/** The authority that signed the serving certificate stands in the bundle. */
export function copyingAuthority({ cluster, planning }: Hand): void {
  const { certificates } = planning.snapshot;
  const [signer] = certificates.flatMap(({ signedBy = [] }) => signedBy);
  const bundle = certificates.find(({ source }) => source.kind === 'ca-bundle');
  if (signer !== undefined && bundle !== undefined) cluster.certificates.put({ ...bundle, fingerprint: signer });
}

/** The newest snapshot of the disk becomes a disk, and the claim is made again for it. */
export function restoringVolume({ cluster, writes, planning, target }: Hand): void {
  const { snapshot } = planning;
  const pod = planning.object(target) as Pod | undefined;
  const set = pod === undefined ? undefined : snapshot.rootOwnerOf(pod);
  const claims = (pod?.spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
  if (set === undefined) return;
  const of = { group: 'apps', kind: set.kind, namespace: target.namespace, name: set.metadata.name };
  writes.scale(of, 0);
  cluster.clock.advance(120_000);
  for (const name of claims) {
    const claim = snapshot.get('PersistentVolumeClaim', target.namespace, name);
    const volume = snapshot.get('PersistentVolume', '', claim?.spec?.volumeName ?? '');
    if (claim?.spec === undefined || volume?.spec === undefined) continue;
    writes.remove({ group: '', kind: 'PersistentVolumeClaim', namespace: target.namespace, name });
    cluster.clock.advance(60_000);
    const restored = `${volume.metadata.name}-restored`;
    const claimRef = { namespace: target.namespace, name };
    const csi = { ...volume.spec.csi, volumeHandle: `${volume.spec.csi?.volumeHandle ?? ''}-restored` };
    writes.create({
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: restored } },
      spec: { ...volume.spec, csi, claimRef },
    } as unknown as KubeObject);
    writes.create({
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: claimRef },
      spec: { ...claim.spec, volumeName: restored },
    } as unknown as KubeObject);
  }
  cluster.clock.advance(60_000);
  writes.scale(of, (set as { spec?: { replicas?: number } }).spec?.replicas ?? 1);
}
