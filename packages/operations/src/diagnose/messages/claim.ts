/**
 * PersistentVolumeClaims that are not bound: events of the volume controller and of CSI sidecars, 1.14–1.36.
 * Sources: `pkg/controller/volume/persistentvolume`, external-provisioner, external-resizer, the PD CSI driver.
 */
import { parseCloudRefusal } from './cloud-refusal.ts';
import { plainText } from './event-text.ts';
import type { CloudRefusal } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

/** Why a claim has no volume, or not the size it asks for. */
export type ClaimCause =
  | 'no-class'
  | 'class-missing'
  | 'waits-for-pod'
  | 'waits-for-provisioner'
  | 'mismatch'
  | 'lost'
  | 'resize'
  | 'delete'
  | 'cloud'
  | 'timeout'
  | 'other';

/** One claim's trouble; the parts that the text names. */
export interface ClaimMessage {
  readonly cause: ClaimCause;
  readonly storageClass?: string;
  readonly driver?: string;
  readonly volume?: string;
  /** What the cloud said, for `cloud`. */
  readonly refusal?: CloudRefusal;
  readonly text: string;
}

const row = (versions: string, cause: ClaimCause, pattern: RegExp): Row<ClaimCause> => ({ versions, cause, pattern });

const ROWS: readonly Row<ClaimCause>[] = [
  row('all', 'no-class', /^no persistent volumes available for this claim and no storage class is set/),
  row('all', 'class-missing', /^storageclass(?:\.storage\.k8s\.io)? "(?<storageClass>[^"]{1,320})" not found/),
  row(
    'all',
    'waits-for-pod',
    /^waiting for (?:first consumer to be created before binding|pod \S{1,320} to be scheduled)/,
  ),
  row(
    '1.14–1.27',
    'waits-for-provisioner',
    /^waiting for a volume to be created, either by (?:the )?external provisioner "(?<driver>[^"]{1,320})"/i,
  ),
  row(
    '1.28–',
    'waits-for-provisioner',
    /^waiting for a volume to be created either by the external provisioner '(?<driver>[^']{1,320})'/i,
  ),
  row(
    'all',
    'mismatch',
    /^volume "(?<volume>[^"]{1,320})" already bound to a different claim|^Cannot bind to requested volume "(?<volume2>[^"]{1,320})"/,
  ),
  row(
    'all',
    'lost',
    /^Bound claim has lost (?:its PersistentVolume|reference to PersistentVolume)|^Two claims are bound to the same volume/,
  ),
  row('all', 'resize', /^resize volume "?(?<volume>[^" ]{1,320})"? by resizer "(?<driver>[^"]{1,320})" failed: /),
  row(
    'all',
    'resize',
    /^(?:waiting for an external controller to expand this PVC|Require file system resize of volume on node|error expanding volume|CSI migration enabled for )/i,
  ),
  row('all', 'cloud', /^failed to provision volume with StorageClass "(?<storageClass>[^"]{1,320})": /i),
];

/** Reasons of failure, for words that no row knows. */
const REASONS: ReadonlyMap<string, ClaimCause> = new Map([
  ['FailedBinding', 'other'],
  ['ProvisioningFailed', 'other'],
  ['ProvisioningCleanupFailed', 'other'],
  ['VolumeMismatch', 'mismatch'],
  ['ClaimLost', 'lost'],
  ['ClaimMisbound', 'lost'],
  ['VolumeFailedDelete', 'delete'],
  ['VolumeResizeFailed', 'resize'],
  ['VolumeModifyFailed', 'other'],
]);

/** Reads an event on a claim or a volume by its words; `undefined` where neither words nor reason are known. */
export function parseClaim(reason: string, message: string): ClaimMessage | undefined {
  const text = plainText(message);
  const found = firstMatch(ROWS, text);
  if (found === undefined) {
    const cause = REASONS.get(reason);
    return cause === undefined ? undefined : { cause, ...refusalIn(text), text };
  }
  const { storageClass, driver, volume, volume2 } = groupsOf(
    found.match,
    'storageClass',
    'driver',
    'volume',
    'volume2',
  );
  const named = volume ?? volume2;
  const parts = {
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(driver === undefined ? {} : { driver }),
    ...(named === undefined ? {} : { volume: named }),
  };
  if (found.row.cause !== 'cloud') return { cause: found.row.cause, ...parts, text };
  const said = refusalIn(text.slice(found.match[0].length));
  return { cause: causeOf(said.refusal), ...parts, ...said, text };
}

function causeOf(refusal: CloudRefusal | undefined): ClaimCause {
  if (refusal === undefined) return 'other';
  return refusal.cause === 'timeout' ? 'timeout' : 'cloud';
}

function refusalIn(text: string): { readonly refusal?: CloudRefusal } {
  const refusal = parseCloudRefusal(text);
  return refusal === undefined ? {} : { refusal };
}
