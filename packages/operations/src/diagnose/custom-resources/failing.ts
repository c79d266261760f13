/** The custom resources that say that something is wrong with them, each thing told once. */
import { controllingReference, groupOf, objectKey, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import { inOrder, type Examination } from '../examination.ts';
import { conditionsIn, textAt } from '../open-fields.ts';
import { customResources, isPaused, kindKey } from './scope.ts';
import { verdictOf, type Verdict } from './verdict.ts';
import { createdAt } from '../age.ts';

export interface FailingResource {
  readonly object: KubeObject;
  readonly verdict: Verdict;
}

/**
 * In the order of the objects. Left out: what is being deleted or paused, copies, backups that a later one has made good, runs that
 * ended long ago, what its owner does without, and owners of what fails, which only repeat it.
 */
export function failingResources(examination: Examination): readonly FailingResource[] {
  const { snapshot } = examination;
  const judged = customResources(snapshot).filter(
    (object) =>
      examination.judges(object.metadata.namespace ?? '') &&
      object.metadata.deletionTimestamp === undefined &&
      object.metadata.labels?.['olm.copiedFrom'] === undefined &&
      !isPaused(object),
  );
  const latest = latestBackups(judged);
  const failing = judged.flatMap((object): readonly FailingResource[] => {
    if (latest.get(backupKey(object)) !== undefined && latest.get(backupKey(object)) !== object) return [];
    const verdict = verdictOf(examination, object);
    if (verdict === undefined || isPast(examination, verdict) || hasHealthyOwner(snapshot, object)) return [];
    return [{ object, verdict }];
  });
  const owners = new Set(failing.flatMap(({ object }) => snapshot.ownersOf(object).map(objectKey)));
  const told = failing.filter(({ object }) => !owners.has(objectKey(object)));
  const byObject = new Map(told.map((one) => [one.object, one]));
  return inOrder(told.map(({ object }) => object)).flatMap((object) => byObject.get(object) ?? []);
}

function isPast({ now, thresholds }: Examination, { isOutcome, since }: Verdict): boolean {
  return isOutcome === true && since !== undefined && now - since > thresholds.restartWindowMs;
}

/** A part that the whole does without: an old revision, a replica that was replaced. */
function hasHealthyOwner(snapshot: ClusterSnapshot, object: KubeObject): boolean {
  const owner = controllingReference(object) === undefined ? undefined : snapshot.ownerOf(object);
  if (owner === undefined || !groupOf(owner.apiVersion).includes('.')) return false;
  return conditionsIn(owner).some(
    ({ type, status }) => (type === 'Ready' || type === 'Available') && status === 'True',
  );
}

/** Of the backups that one schedule makes, the newest that has ended. */
function latestBackups(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const latest = new Map<string, KubeObject>();
  for (const object of objects) {
    const key = backupKey(object);
    if (key === '' || !ENDED.has(textAt(object, 'status.phase') ?? '')) continue;
    const known = latest.get(key);
    if (known === undefined || createdAt(object) > createdAt(known)) latest.set(key, object);
  }
  return latest;
}

const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'PartiallyFailed', 'FailedValidation']);

function backupKey(object: KubeObject): string {
  if (kindKey(object) !== 'velero.io/Backup') return '';
  const { namespace = '', labels } = object.metadata;
  return `${namespace}/${labels?.['velero.io/schedule-name'] ?? ''}`;
}
