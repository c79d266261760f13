/** Time as evidence: what began first, and what was changed shortly before. */
import { refKey, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import type { Finding } from '../finding.ts';
import { workloadRef } from './causes/workload-ref.ts';
import { latestChange, type Change } from './changes.ts';
import { STRENGTH, type CauseContext, type Hypothesis } from './hypothesis.ts';
import { onsetOfAll } from './onset.ts';
import { durationText } from '../wording.ts';

/** A change counts as the occasion of what begins within so long after it. */
const SOON_MS = 15 * 60_000;
/** Clocks and reports of components differ by so much. */
const SLACK_MS = 60_000;

/** Classes whose cause lies in what a workload's template or configuration says, so that a change of it can bring them about. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'config-map-key-missing',
  'config-map-missing',
  'container-cannot-be-configured',
  'container-cannot-start',
  'executable-missing',
  'image-unavailable',
  'liveness-probe-kills',
  'memory-grows',
  'memory-limit-too-low',
  'node-affinity-unmatched',
  'pod-affinity-unmatched',
  'pod-larger-than-any-node',
  'program-fails',
  'program-not-ready',
  'resource-not-offered',
  'secret-key-missing',
  'secret-missing',
  'service-name-unknown',
  'untolerated-taint',
]);

/** What is known about when a hypothesis' effects began. */
export interface Timing {
  /** Epoch milliseconds. */
  readonly since: number | undefined;
  /** The change that came shortly before. */
  readonly change: Change | undefined;
}

/** When some findings began, and what was changed shortly before of the workload that they are all about. */
export function timingOf(
  { class: causeClass, resource }: Pick<Hypothesis, 'class' | 'resource'>,
  findings: readonly Finding[],
  snapshot: ClusterSnapshot,
): Timing {
  const since = onsetOfAll(findings, snapshot);
  const workload = CHANGEABLE.has(causeClass) ? workloadOf(resource, findings) : undefined;
  if (since === undefined || workload === undefined) return { since, change: undefined };
  const change = latestChange(workload, since + SLACK_MS, snapshot);
  return { since, change: change !== undefined && since - change.at <= SOON_MS ? change : undefined };
}

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** The one workload whose pods are concerned. */
function workloadOf(resource: ResourceRef, findings: readonly Finding[]): ResourceRef | undefined {
  if (WORKLOADS.has(resource.kind)) return resource;
  const all = findings.map((finding) =>
    WORKLOADS.has(finding.resource.kind) ? finding.resource : workloadRef(finding),
  );
  const [first, ...others] = new Map(all.map((one) => [refKey(one), one])).values();
  return others.length === 0 ? first : undefined;
}

/** Adds to a hypothesis that its effects began with a change of what it is about. */
export function timed(hypothesis: Hypothesis, { findings, examination }: CauseContext): Hypothesis {
  const effects = hypothesis.effects.filter(({ isPart }) => isPart !== true);
  const symptoms = effects.flatMap(({ finding }) => findings.get(finding) ?? []);
  const { change } = timingOf(hypothesis, symptoms, examination.snapshot);
  if (change === undefined) return hypothesis;
  const weighing: Weighing = {
    observation: 'it began within minutes of a change of the workload',
    ratio: STRENGTH.typical,
  };
  return { ...hypothesis, weighings: [...hypothesis.weighings, weighing] };
}

/** `Since 2025-09-27 11:41 UTC, 2 min after revision 7 was rolled out, which changed env DB_URL.` */
export function timingText({ since, change }: Timing): string {
  if (since === undefined || change === undefined) return '';
  const later = since - change.at;
  return ` It began ${clock(since)}, ${later < 1000 ? 'when' : `${durationText(later)} after`} ${change.what}.`;
}

function clock(at: number): string {
  return `on ${new Date(at).toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
}
