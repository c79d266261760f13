/** Jobs that have given up, started again where something tells that they succeed this time. */
import {
  refOf,
  refText,
  sameJson,
  type ClusterSnapshot,
  type Container,
  type KubeObject,
  type Pod,
  type ResourceRef,
} from '@aia/cluster';
import type { AssessedEvidence, AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { currentTemplate, type PodSpec } from '../../revisions/revisions.ts';
import { templateChanges } from '../../rollout/template-change.ts';

const MINUTE = 60_000;
const DNS_LABEL = 63;
/** What a pod was ended by that is no fault of its program. */
const FROM_OUTSIDE =
  /^(Evicted|Preempting|NodeLost|NodeShutdown|Terminated|Shutdown|UnexpectedAdmissionError|OutOf\w+)$/;

/** Proposes a failed Job once more, with what another run of it succeeded with. */
export const recreateJob: ActionKind = {
  kind: 'recreate-job',
  title: 'Start a failed Job again',
  explanation:
    'Deletes a Job that has given up and makes it again: as it was where its pods were ended from outside (evicted, their node lost), or with what the last successful run of the same name but for its number had and this one has not, its image apart. For a failed run of a CronJob whose template was changed since, starts a run of the present one. Refuses where nothing tells that it succeeds this time, where somebody else made the Job (an operator makes it again), and where its backoffLimit is 0, since then it must not run twice.',
  capability: 'rollout',
  prior: { alpha: 6, beta: 3, basis: 'another run succeeded so' },
  durationMs: { optimistic: 2 * MINUTE, likely: 10 * MINUTE, pessimistic: 120 * MINUTE },
  baseRisk: 0.12,
  propose: (planning) => planning.assessment.rootCauses.flatMap((cause) => remedyFor(cause, planning) ?? []),
};

/** How a Job is started again, and why it should succeed. */
interface Again {
  readonly title: string;
  readonly changes: readonly Change[];
  readonly because: string;
  readonly evidence: AssessedEvidence;
  readonly confidence: number;
  readonly fit: number;
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const failed = planning.findingsOf(cause).filter(({ code }) => code === 'job-failed');
  const [finding, ...others] = failed;
  const job = finding === undefined || others.length > 0 ? undefined : planning.object(finding.resource);
  if (job === undefined || mayNotRunTwice(job)) return undefined;
  const owner = planning.snapshot.ownerOf(job);
  const again =
    owner?.kind === 'CronJob'
      ? fromSchedule(job, owner, planning.snapshot)
      : owner === undefined
        ? (afterLoss(job, planning) ?? asBefore(job, planning))
        : undefined;
  if (again === undefined) return undefined;
  const { title, changes, because, evidence, confidence, fit } = again;
  const target = refOf(job);
  // What an action of the same plan made of its CronJob is what is run here: without that action it would be something else.
  const after =
    owner === undefined ? [] : planning.done.filter((one) => isAbout(one.target, owner)).map(({ id }) => id);
  const draft = {
    ...{ kind: recreateJob.kind, title, target, changes, confidence, ...(after.length > 0 && { after }) },
    reason: `${cause.statement} ${because}`,
    evidence: [evidence, ...cause.evidence.slice(0, 2)],
    risks: [{ reason: 'what the failed run did in part is done a second time', adds: 0.1 }],
  };
  return { title, resolves: [cause.id], fit, drafts: [draft] };
}

function isAbout({ group, kind, namespace, name }: ResourceRef, object: KubeObject): boolean {
  const ref = refOf(object);
  return group === ref.group && kind === ref.kind && namespace === ref.namespace && name === ref.name;
}

function mayNotRunTwice(job: KubeObject): boolean {
  return (job as { readonly spec?: { readonly backoffLimit?: number } }).spec?.backoffLimit === 0;
}

/** A run of a CronJob that was mended since. */
function fromSchedule(job: KubeObject, cron: KubeObject, snapshot: ClusterSnapshot): Again | undefined {
  const [ran, wanted] = [currentTemplate(job), currentTemplate(cron)];
  const { spec } = cron as { readonly spec?: { readonly jobTemplate?: { readonly spec?: object } } };
  if (wanted === undefined || sameJson(ran?.spec, wanted.spec)) return undefined;
  const { name, namespace = '', uid } = cron.metadata;
  const again = `${name.slice(0, DNS_LABEL - '-again'.length)}-again`;
  if (snapshot.get('Job', namespace, again) !== undefined || uid === undefined) return undefined;
  const owner = { apiVersion: cron.apiVersion, kind: cron.kind, name, uid, controller: true };
  const annotations = { 'cronjob.kubernetes.io/instantiate': 'manual' };
  const metadata = { name: again, namespace, annotations, ownerReferences: [owner] };
  return {
    title: `Start a run of ${refText(refOf(cron))} as it is now`,
    changes: [
      { kind: 'create', object: { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: spec?.jobTemplate?.spec } },
    ],
    because: `The template of CronJob ${name} was changed after that run.`,
    evidence: fieldEvidence(job, 'metadata.creationTimestamp', job.metadata.creationTimestamp ?? ''),
    ...{ confidence: 0.6, fit: 0.75 },
  };
}

/** All pods of it that failed were ended from outside. */
function afterLoss(job: KubeObject, planning: Planning): Again | undefined {
  const failed = planning.snapshot
    .ownedBy(job)
    .filter((one): one is Pod => one.kind === 'Pod' && (one as Pod).status?.phase === 'Failed');
  const [first] = failed;
  if (first === undefined || !failed.every(({ status }) => FROM_OUTSIDE.test(status?.reason ?? ''))) return undefined;
  const spec = currentTemplate(job)?.spec;
  if (spec === undefined) return undefined;
  return {
    title: `Start ${refText(refOf(job))} again`,
    changes: templateChanges(job, spec, planning),
    because: `Its pods were ended from outside (${first.status?.reason ?? ''}), and its program did not fail.`,
    evidence: fieldEvidence(first, 'status.reason', first.status?.reason ?? ''),
    ...{ confidence: 0.75, fit: 0.85 },
  };
}

/** With what the last run of the same name but for its number had, if that succeeded. */
function asBefore(job: KubeObject, planning: Planning): Again | undefined {
  const own = currentTemplate(job)?.spec;
  const [sibling] = planning.snapshot
    .listIn('Job', job.metadata.namespace ?? '')
    .filter((one) => one.metadata.name !== job.metadata.name && stemOf(one) === stemOf(job))
    .filter((one) => planning.snapshot.ownerOf(one) === undefined && (one.status?.succeeded ?? 0) > 0)
    .toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1));
  const theirs = sibling === undefined ? undefined : currentTemplate(sibling)?.spec;
  if (sibling === undefined || own === undefined || theirs === undefined) return undefined;
  const spec = withImagesOf(theirs, own);
  if (spec === undefined || sameJson(spec, own)) return undefined;
  return {
    title: `Start ${refText(refOf(job))} again as Job ${sibling.metadata.name} ran`,
    changes: templateChanges(job, spec, planning),
    because: `Job ${sibling.metadata.name} succeeded, and this one is not like it.`,
    evidence: fieldEvidence(sibling, 'status.succeeded', sibling.status?.succeeded ?? 0),
    ...{ confidence: 0.55, fit: 0.7 },
  };
}

/** The name without its number, date, version or hash. */
function stemOf({ metadata: { name } }: KubeObject): string {
  return name.replace(/([-.][a-z0-9]*\d[a-z0-9]*)+$/, '');
}

/** Another spec with the images of this one; `undefined` where their containers are not the same. */
function withImagesOf(spec: PodSpec, own: PodSpec): PodSpec | undefined {
  const images = new Map([...(own.initContainers ?? []), ...own.containers].map(({ name, image }) => [name, image]));
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  if (all.length !== images.size || all.some(({ name }) => !images.has(name))) return undefined;
  const exchanged = (one: Container): Container => {
    const image = images.get(one.name);
    return image === undefined ? one : { ...one, image };
  };
  const init = spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(exchanged) };
  return { ...spec, ...init, containers: spec.containers.map(exchanged) };
}
