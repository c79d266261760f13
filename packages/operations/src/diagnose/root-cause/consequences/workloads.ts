/** What follows from findings about Jobs, CronJobs, autoscalers and disruption budgets, and what brings these about. */
import { refKey, refOf, type ClusterSnapshot, type Pod, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { text, type FindingIndex } from '../finding-index.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

export const WORKLOAD_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: POD_FAILURES,
    relation: 'a Job whose pods fail does not complete',
    effects: jobsOfPod,
  },
  {
    from: ['replica-creation-failed'],
    relation: 'a Job whose pods are refused at creation does not complete',
    effects: (finding, findings) => [
      ...findings.about(finding.resource, ...JOB_SYMPTOMS),
      ...findings.aboutKey(text(finding, 'workload'), ...JOB_SYMPTOMS),
    ],
  },
  {
    from: ['job-failed'],
    relation: 'each run of the CronJob fails as this one did',
    effects: (finding, findings) => findings.aboutKey(text(finding, 'workload'), 'cron-job-failing'),
  },
  {
    from: ['cron-job-schedule-invalid', 'cron-job-deadline-invalid'],
    relation: 'a CronJob whose starts never come or always come too late makes no Job',
    effects: (finding, findings) => findings.about(finding.resource, 'cron-job-missed', 'cron-job-never-ran'),
  },
  {
    from: ['metrics-server-absent'],
    relation: 'an autoscaler cannot count without the metrics API',
    effects: (_finding, findings) =>
      findings
        .ofCode('hpa-metrics-unavailable')
        .filter((other) => text(other, 'cause') === 'metrics-api-missing' && text(other, 'api') === 'resource'),
  },
  {
    from: ['hpa-requests-missing'],
    relation: 'utilisation is measured against requests',
    effects: (finding, findings) =>
      findings
        .about(finding.resource, 'hpa-metrics-unavailable')
        .filter((other) => ['request-missing', 'other'].includes(text(other, 'cause'))),
  },
  {
    from: ['hpa-unable-to-scale', 'hpa-metrics-unavailable'],
    relation: 'an autoscaler that cannot scale leaves its target as it is',
    effects: (finding, findings) => findings.about(finding.resource, 'hpa-replicas-mismatch'),
  },
  {
    from: [...POD_FAILURES, ...WORKLOAD_SYMPTOMS, 'replica-creation-failed'],
    relation: 'the autoscaler cannot count pods that do not run, and more of them do not help',
    effects: autoscalersOf,
  },
  {
    from: [...POD_FAILURES, ...WORKLOAD_SYMPTOMS, 'replica-creation-failed'],
    relation: 'pods that do not run are not healthy to their disruption budget',
    effects: (finding, findings, snapshot) =>
      findings
        .ofWorkload(workloadOf(finding, snapshot))
        .filter(
          (other) => other.code === 'disruption-budget-unhealthy' && text(other, 'cause') !== 'budget-above-pods',
        ),
  },
];

/** Causes for which an autoscaler gets no metrics while its pods do not run. */
const WITHOUT_PODS: ReadonlySet<string> = new Set(['pods-not-ready', 'no-pods', 'no-metrics']);

/** What is said of autoscalers that scale the workload of a finding. */
function autoscalersOf(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  return findings
    .ofWorkload(workloadOf(finding, snapshot))
    .filter(
      (other) =>
        other.code === 'hpa-replicas-mismatch' ||
        other.code === 'hpa-at-maximum' ||
        (other.code === 'hpa-metrics-unavailable' && WITHOUT_PODS.has(text(other, 'cause'))),
    );
}

const JOB_SYMPTOMS = ['job-failed', 'job-not-completed'] as const;

/** The Job of the pod; of several failed runs of a CronJob, the one that is reported. */
function jobsOfPod(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const pod = finding.resource.kind === 'Pod' ? (snapshot.resolve(finding.resource) as Pod | undefined) : undefined;
  if (pod === undefined) return findings.ofWorkload(finding.resource).filter(({ code }) => code === 'job-failed');
  const job = snapshot.ownerOf(pod);
  if (job?.kind !== 'Job') return [];
  const isOfRun = ({ code, resource }: Finding): boolean =>
    refKey(resource) === refKey(refOf(job)) || (code === 'job-failed' && pod.status?.phase === 'Failed');
  return findings
    .ofWorkload(refOf(snapshot.rootOwnerOf(pod)))
    .filter((other) => JOB_SYMPTOMS.some((code) => code === other.code) && isOfRun(other));
}

function workloadOf({ resource }: Finding, snapshot: ClusterSnapshot): ResourceRef {
  const pod = resource.kind === 'Pod' ? snapshot.resolve(resource) : undefined;
  return pod === undefined ? resource : refOf(snapshot.rootOwnerOf(pod));
}
