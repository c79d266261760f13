/** What follows from findings about pods, their containers and what their templates need. */
import { refKey, refOf, type ClusterSnapshot, type Pod } from '@aia/cluster';
import { isSerious, type Finding } from '../../finding.ts';
import { holdersOf } from '../../storage/volume-holders.ts';
import { text, type FindingIndex } from '../finding-index.ts';
import { MISSING_REFERENCES, POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

export const POD_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: MISSING_REFERENCES,
    relation: 'the kubelet cannot set up a container without the object that its template names',
    effects: (finding, findings) =>
      findings
        .ofWorkload(finding.resource)
        .filter(
          (other) =>
            ['pod-volume-mount-failed', 'container-config-error'].includes(other.code) && sameObject(finding, other),
        ),
  },
  {
    from: ['container-oom-killed', 'container-start-failed', 'container-terminated-with-error'],
    relation: 'a container that ends again and again is restarted with growing pauses',
    effects: (finding, findings) =>
      sameContainer(finding, findings, 'container-crash-loop', 'container-restarts-often', 'container-not-ready'),
  },
  {
    from: ['container-crash-loop', 'container-not-ready'],
    relation: 'an init container that does not finish holds the others back',
    effects: (finding, findings) => findings.about(finding.resource, 'container-init-blocked'),
  },
  {
    from: POD_FAILURES,
    relation: 'the workload counts one pod too few',
    effects: (finding, findings, snapshot) => workloadSymptoms(finding, findings, snapshot),
  },
  {
    from: ['replica-creation-failed'],
    relation: 'pods that are refused at creation never exist',
    effects: (finding, findings) => [
      ...findings.about(finding.resource, ...WORKLOAD_SYMPTOMS),
      ...findings.aboutKey(text(finding, 'workload'), ...WORKLOAD_SYMPTOMS),
    ],
  },
  {
    from: ['deployment-unavailable'],
    relation: 'a rollout that does not become available runs past its deadline',
    effects: (finding, findings) => findings.about(finding.resource, 'deployment-rollout-stuck'),
  },
  {
    from: [
      'stateful-set-service-missing',
      'stateful-set-storage-class-missing',
      'workload-service-account-missing',
      'workload-pull-secret-missing',
    ],
    relation: 'the workload lacks what its pods need',
    effects: (finding, findings) => [
      ...findings
        .about(finding.resource, ...WORKLOAD_SYMPTOMS, 'replica-creation-failed')
        .filter((other) => finding.code !== 'stateful-set-service-missing' || keepsUnready(finding, other)),
      ...findings.ofWorkload(finding.resource).filter((other) => explains(finding.code, other.code)),
    ],
  },
  {
    from: ['pod-stuck-terminating'],
    relation: 'a pod that does not end keeps its disk on its node',
    effects: (finding, findings, snapshot) =>
      findings
        .ofCode('pod-volume-mount-failed')
        .filter(
          (other) =>
            text(other, 'cause') === 'attach-conflict' &&
            holdersOf(snapshot, other.resource).some(({ pod }) => refKey(refOf(pod)) === refKey(finding.resource)),
        ),
  },
];

function sameObject(missing: Finding, other: Finding): boolean {
  return (
    text(missing, 'objectName') === text(other, 'objectName') &&
    (text(other, 'objectKind') === '' || text(missing, 'objectKind') === text(other, 'objectKind'))
  );
}

function sameContainer(finding: Finding, findings: FindingIndex, ...codes: readonly string[]): readonly Finding[] {
  return findings
    .about(finding.resource, ...codes)
    .filter((other) => text(other, 'container') === text(finding, 'container'));
}

function workloadSymptoms(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const pod = podOf(finding, snapshot);
  if (pod !== undefined) return findings.about(refOf(snapshot.rootOwnerOf(pod)), ...WORKLOAD_SYMPTOMS);
  return findings.about(finding.resource, ...WORKLOAD_SYMPTOMS);
}

/** Pods start without their governing Service; they only do not find each other. */
function keepsUnready(missing: Finding, { facts }: Finding): boolean {
  return isSerious(missing) && facts['missing'] === 0;
}

function explains(code: string, effect: string): boolean {
  if (code === 'workload-pull-secret-missing') return effect === 'container-image-pull-failed';
  return code === 'stateful-set-storage-class-missing' && effect === 'pod-unschedulable';
}

function podOf(finding: Finding, snapshot: ClusterSnapshot): Pod | undefined {
  return finding.resource.kind === 'Pod'
    ? snapshot.get('Pod', finding.resource.namespace, finding.resource.name)
    : undefined;
}
