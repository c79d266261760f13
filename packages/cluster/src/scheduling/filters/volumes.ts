/**
 * Filters on the volumes of a pod.
 * Source: https://kubernetes.io/docs/concepts/storage/storage-limits/ and
 * https://kubernetes.io/docs/setup/best-practices/multiple-zones/#storage-access-for-zones
 */
import type { PersistentVolume } from '../../model/kinds.ts';
import type { Labels } from '../../model/selector.ts';
import type { NodeLedger } from '../node-state.ts';
import type { PodProfile } from '../pod-profile.ts';
import { reachable, UNBOUND, type Claim, type DelayedClaim, type Reservations, type Storage } from '../storage.ts';
import { refusal, type Refusal } from './refusal.ts';

/** The claims of a waiting pod, resolved once for all nodes. */
export interface PodVolumes {
  readonly claims: readonly Claim[];
  /** Those among them that bind when the pod is scheduled. */
  readonly delayed: readonly DelayedClaim[];
  /** Volumes by driver that would be attached. */
  readonly attachments: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of claims with access mode ReadWriteOncePod. */
  readonly exclusive: readonly string[];
}

export const READ_WRITE_ONCE_POD = refusal(
  'VolumeRestrictions',
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  true,
);
const MAX_VOLUMES = refusal('NodeVolumeLimits', 'node(s) exceed max volume count', true);
const NO_VOLUME = refusal('VolumeBinding', 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
const NODE_CONFLICT = refusal('VolumeBinding', "node(s) didn't match PersistentVolume's node affinity");
const BIND_CONFLICT = refusal('VolumeBinding', "node(s) didn't find available persistent volumes to bind");
const ZONE = refusal('VolumeZone', 'node(s) had no available volume zone');

export function volumesOf(pod: PodProfile, storage: Storage): PodVolumes | undefined {
  if (pod.claims.length === 0) return undefined;
  const claims = pod.claims.map((use) => storage.claim(pod.namespace, use));
  const attachments = new Map<string, Set<string>>();
  for (const use of pod.claims) {
    const volume = storage.attachment(pod.namespace, use);
    if (volume === undefined) continue;
    const ids = attachments.get(volume.driver) ?? new Set<string>();
    attachments.set(volume.driver, ids.add(volume.id));
  }
  const exclusive = pod.claims.filter((_, i) => isExclusive(claims[i])).map(({ name }) => `${pod.namespace}/${name}`);
  return { claims, delayed: claims.filter((claim) => claim.state === 'delayed'), attachments, exclusive };
}

/** Why no node at all will do: missing or lost claims first, then claims that should have been bound already. */
export function claimProblem(volumes: PodVolumes): string | undefined {
  const texts = volumes.claims.flatMap((claim) => (claim.state === 'unusable' ? [claim.text] : []));
  return texts.find((text) => text !== UNBOUND) ?? texts[0];
}

/** Volumes of one driver beyond what the node attaches. */
export function nodeVolumeLimits(volumes: PodVolumes, node: NodeLedger): Refusal | undefined {
  for (const [driver, ids] of volumes.attachments) {
    const limit = node.volumeLimits.get(driver);
    if (limit === undefined) continue;
    const attached = node.attached().get(driver);
    let added = 0;
    for (const id of ids) if (attached?.has(id) !== true) added++;
    if (added > 0 && (attached?.size ?? 0) + added > limit) return MAX_VOLUMES;
  }
  return undefined;
}

/**
 * Bound volumes must be reachable from the node; claims that bind late must find or get a volume there. Both can fail at
 * once, and then both are told.
 */
export function volumeBinding(
  { claims, delayed }: PodVolumes,
  node: NodeLedger,
  storage: Storage,
  reserved: Reservations,
): Refusal | undefined {
  const broken = brokenBinding(claims, node.labels);
  const stuck = delayed.length > 0 && storage.bind(delayed, node.name, node.labels, reserved) === undefined;
  const found = broken === NODE_CONFLICT ? [broken] : [];
  if (stuck) found.push(BIND_CONFLICT);
  if (broken === NO_VOLUME) found.push(broken);
  return found.length > 1 ? { ...NO_VOLUME, reasons: found.flatMap(({ reasons }) => reasons) } : found[0];
}

/** The first bound claim whose volume is missing or out of reach decides. */
function brokenBinding(claims: readonly Claim[], labels: Labels): Refusal | undefined {
  for (const claim of claims) {
    if (claim.state !== 'bound') continue;
    if (claim.volume === undefined) return NO_VOLUME;
    if (!reachable(claim.volume, labels)) return NODE_CONFLICT;
  }
  return undefined;
}

/** Zone and region labels of bound volumes must agree with the node's. */
export function volumeZone(volumes: PodVolumes, node: NodeLedger): Refusal | undefined {
  if (ZONE_LABELS.every(([label, beta]) => node.labels[label] === undefined && node.labels[beta] === undefined))
    return undefined;
  const apart = volumes.claims.some(
    (claim) => claim.state === 'bound' && claim.volume !== undefined && !sameZone(claim.volume, node.labels),
  );
  return apart ? ZONE : undefined;
}

/** Each label with its name before 1.17. */
const ZONE_LABELS = [
  ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'],
  ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region'],
] as const;

/** A regional volume lists its zones as `a__b`. */
function sameZone(volume: PersistentVolume, labels: Labels): boolean {
  return ZONE_LABELS.every(([label, beta]) => {
    const wanted = volume.metadata.labels?.[label] ?? volume.metadata.labels?.[beta];
    const own = labels[label] ?? labels[beta];
    return wanted === undefined || (own !== undefined && wanted.split('__').includes(own));
  });
}

function isExclusive(claim: Claim | undefined): boolean {
  return (
    (claim?.state === 'bound' || claim?.state === 'delayed') &&
    claim.claim.spec?.accessModes?.includes('ReadWriteOncePod') === true
  );
}
