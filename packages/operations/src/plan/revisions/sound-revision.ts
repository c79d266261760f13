/** Which earlier revision is worth going back to: one that worked, as far as anything shows, and that has not the same fault. */
import { spanText } from '../../diagnose/certificates/certificates.ts';
import { configReferences, sameJson, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { containersOf, currentTemplate, earlierRevisions, type PodTemplate, type Revision } from './revisions.ts';

/** A revision, and how sure it is that it works. */
export interface SoundRevision {
  readonly revision: Revision;
  /** 0..1 */
  readonly confidence: number;
  /** Completes "Revision 4 …". */
  readonly because: string;
}

/** The cause, and where in the template it lies. */
export interface Fault {
  readonly cause: AssessedRootCause;
  /** The container that fails; `undefined` for all of them. */
  readonly container: string | undefined;
  /** A key that is missing in the ConfigMap or Secret that the cause is about. */
  readonly key: string | undefined;
  /** Templates that cannot work for another reason. */
  readonly isOut?: (template: PodTemplate) => boolean;
}

const MINUTE = 60_000;
/** Who was the newest for so long without being replaced worked, most likely. */
const LASTING_MS = 10 * MINUTE;
/** Times of components differ by so much. */
const SLACK_MS = 5 * MINUTE;

/** The newest of the most trustworthy ones. `since`: when the fault began, where that is known. */
export function soundRevision(
  workload: KubeObject,
  fault: Fault,
  snapshot: ClusterSnapshot,
): SoundRevision | undefined {
  const current = currentTemplate(workload);
  if (current === undefined) return undefined;
  const { since } = fault.cause;
  return earlierRevisions(workload, snapshot)
    .filter(({ template }) => !sharesFault(template, current, fault) && fault.isOut?.(template) !== true)
    .flatMap((revision) => judged(revision, since) ?? [])
    .reduce<SoundRevision | undefined>(
      (best, one) => (best === undefined || one.confidence > best.confidence ? one : best),
      undefined,
    );
}

function judged(revision: Revision, since: number | undefined): SoundRevision | undefined {
  const { ready, from, until, object } = revision;
  if (ready > 0) {
    const because = object.kind === 'Job' ? 'ran to its end' : `has ${ready} ready ${ready === 1 ? 'pod' : 'pods'}`;
    return { revision, confidence: 0.95, because };
  }
  if (object.kind === 'Job') return undefined;
  if (since !== undefined && until !== undefined && until > since + SLACK_MS) return undefined;
  const lastedMs = from === undefined || until === undefined ? undefined : until - from;
  if (lastedMs === undefined)
    return { revision, confidence: 0.7, because: 'is the last one of which nothing ill is known' };
  if (lastedMs >= LASTING_MS) return { revision, confidence: 0.85, because: `ran for ${spanText(lastedMs)}` };
  return { revision, confidence: 0.5, because: 'was soon replaced, with nothing ill known of it' };
}

type Aspect = (template: PodTemplate, fault: Fault) => unknown;

const image: Aspect = (template, { container }) =>
  containersOf(template)
    .filter(({ name }) => container === undefined || name === container)
    .map((one) => one.image);
const pullSecrets: Aspect = ({ spec }) => spec?.imagePullSecrets;
const amounts: Aspect = (template, { container }) =>
  containersOf(template)
    .filter(({ name }) => container === undefined || name === container)
    .map(({ image: name, resources }) => [name, resources]);

/** By class of the cause: what in a template must be otherwise, for another revision not to have it. All of the pod's spec by default. */
const ASPECTS: Readonly<Record<string, Aspect>> = {
  'image-unavailable': (template, fault) => [image(template, fault), pullSecrets(template, fault)],
  'workload-pull-secret-missing': (template, fault) => [image(template, fault), pullSecrets(template, fault)],
  'registry-access-refused': image,
  'registry-rate-limited': image,
  'registry-unreachable': image,
  'service-account-missing': ({ spec }) => spec?.serviceAccountName,
  'workload-service-account-missing': ({ spec }) => spec?.serviceAccountName,
  'namespace-quota-needs-values': amounts,
  'limit-range-violated': amounts,
  'memory-limit-too-low': amounts,
  'memory-grows': image,
  'priority-class-missing': ({ spec }) => spec?.priorityClassName,
};

function sharesFault(template: PodTemplate, current: PodTemplate, fault: Fault): boolean {
  if (/^(config-map|secret)-(key-)?missing$/.test(fault.cause.class)) return needsMissing(template, fault);
  const aspect = ASPECTS[fault.cause.class] ?? (({ spec }: PodTemplate) => spec);
  return sameJson(aspect(template, fault) ?? null, aspect(current, fault) ?? null);
}

/** Whether it asks for the object, and for the key where the key is missing, as something that must be there. */
function needsMissing({ spec }: PodTemplate, { cause: { resource }, key }: Fault): boolean {
  if (spec === undefined) return false;
  return configReferences(spec, resource.namespace).some(
    (one) =>
      one.kind === resource.kind &&
      one.name === resource.name &&
      !one.optional &&
      (key === undefined || one.keys.includes(key)),
  );
}
