/** Which findings follow from which: the edges of the causal graph between findings, as a table of small rules. */
import { refKey, refOf, type ClusterSnapshot, type Pod } from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import { holdersOf } from '../volume-holders.ts';
import { failedCalls } from './dependencies.ts';
import { text, texts, type FindingIndex } from './finding-index.ts';
import { namesNodeState } from './scheduling-words.ts';

export interface Consequence {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
  readonly evidence: readonly Evidence[];
}

interface ConsequenceRule {
  /** Codes of the findings that bring something about. */
  readonly from: readonly string[];
  readonly relation: string;
  effects(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[];
  /** What shows that the one brings about the other, where it is more than both having been seen. */
  evidence?(finding: Finding, effect: Finding): readonly Evidence[];
}

/** Codes that say something about a whole workload being short of pods. */
export const WORKLOAD_SYMPTOMS = [
  'deployment-unavailable',
  'deployment-rollout-stuck',
  'stateful-set-unavailable',
  'stateful-set-update-stuck',
  'daemon-set-unavailable',
  'replica-set-unavailable',
] as const;

/** Codes that say why one pod does not run; each leaves its workload short. */
export const POD_FAILURES = [
  'pod-unschedulable',
  'pod-scheduling-gated',
  'pod-volume-mount-failed',
  'pod-sandbox-failed',
  'pod-start-stalled',
  'pod-readiness-gate-pending',
  'pod-rejected',
  'pod-evicted',
  'pod-failed',
  'pod-stuck-terminating',
  'container-crash-loop',
  'container-oom-killed',
  'container-image-pull-failed',
  'container-config-error',
  'container-start-failed',
  'container-terminated-with-error',
  'container-not-ready',
  'container-init-blocked',
] as const;

const MISSING_REFERENCES = ['config-map-missing', 'config-map-key-missing', 'secret-missing', 'secret-key-missing'];

/** What becomes of pods whose node is lost. */
const LOST_WITH_NODE = [
  'pod-stuck-terminating',
  'container-not-ready',
  'pod-evicted',
  'pod-sandbox-failed',
  'pod-start-stalled',
  'container-terminated-with-error',
] as const;

const RULES: readonly ConsequenceRule[] = [
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
      ...findings.about(finding.resource, ...WORKLOAD_SYMPTOMS, 'replica-creation-failed'),
      ...findings.ofWorkload(finding.resource).filter((other) => explains(finding.code, other.code)),
    ],
  },
  {
    from: ['node-not-ready', 'node-network-unavailable'],
    relation: 'pods on a lost node stop reporting and are replaced or stuck',
    effects: (finding, findings, snapshot) => findings.onNode(finding.resource.name, snapshot, ...LOST_WITH_NODE),
  },
  {
    from: ['node-not-ready', 'node-network-unavailable', 'node-pressure'],
    relation: 'the state of nodes keeps new pods off them',
    effects: (finding, findings, snapshot) => (isFirst(finding, findings) ? keptOff(finding, findings, snapshot) : []),
  },
  {
    from: ['node-not-ready'],
    relation: 'a load balancer needs a ready node to send traffic to',
    effects: (finding, findings) =>
      isFirst(finding, findings)
        ? findings.ofCode('load-balancer-pending').filter((other) => text(other, 'cause') === 'not-ready')
        : [],
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
  {
    from: ['node-pressure'],
    relation: 'a node short of a resource evicts pods',
    effects: (finding, findings) =>
      findings.ofCode('pod-evicted', 'pod-rejected').filter((other) => text(other, 'node') === finding.resource.name),
  },
  {
    from: ['scale-up-refused'],
    relation: 'without a further node the pods have nowhere to go',
    effects: (finding, findings) =>
      texts(finding, 'pods').flatMap((pod) => findings.aboutKey(`/Pod/${pod}`, 'pod-unschedulable')),
    evidence: (finding, effect) => [...events(effect, SCALE_UP).slice(0, 1), ...finding.evidence.slice(0, 1)],
  },
  {
    from: ['quota-exhausted', 'quota-near-limit'],
    relation: 'the cloud refuses a node that would exceed the quota',
    effects: (finding, findings) =>
      findings.ofCode('scale-up-refused').filter((other) => texts(other, 'metrics').includes(text(finding, 'metric'))),
    evidence: (finding, effect) => [...finding.evidence.slice(0, 1), ...effect.evidence.slice(0, 1)],
  },
];

/** All edges between findings, each once, in a stable order. */
export function consequencesOf(findings: FindingIndex, snapshot: ClusterSnapshot): readonly Consequence[] {
  const edges = new Map<string, Consequence>();
  for (const rule of RULES) {
    for (const finding of findings.ofCode(...rule.from)) {
      for (const effect of rule.effects(finding, findings, snapshot)) {
        const key = `${finding.id} ${effect.id}`;
        if (effect.id !== finding.id && !edges.has(key))
          edges.set(key, {
            from: finding.id,
            to: effect.id,
            relation: rule.relation,
            evidence: rule.evidence?.(finding, effect) ?? [
              ...finding.evidence.slice(0, 1),
              ...effect.evidence.slice(0, 1),
            ],
          });
      }
    }
  }
  for (const { from, to, service, evidence } of failedCalls(findings, snapshot)) {
    const relation = `it calls Service ${service}, behind which no pod is ready`;
    edges.set(`${from.id} ${to.id}`, {
      from: from.id,
      to: to.id,
      relation,
      evidence: [...evidence, ...from.evidence.slice(0, 1)],
    });
  }
  return [...edges.values()];
}

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

/** What all nodes in one state bring about together hangs under the first of them. */
function isFirst(finding: Finding, findings: FindingIndex): boolean {
  return findings.ofCode(finding.code)[0] === finding;
}

function keptOff(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const states = statesOf(finding);
  return findings
    .ofCode('pod-unschedulable')
    .filter((other) => !texts(other, 'classes').includes('capacity') && namesNodeState(other, states, snapshot));
}

function statesOf(finding: Finding): readonly string[] {
  if (finding.code === 'node-not-ready') return ['not-ready', 'unreachable'];
  return finding.code === 'node-pressure'
    ? ['memory-pressure', 'disk-pressure', 'pid-pressure']
    : ['network-unavailable'];
}

const SCALE_UP = /ScaleUp/;

function events(finding: Finding, reason: RegExp): readonly Evidence[] {
  return finding.evidence.filter((one) => one.kind === 'event' && reason.test(one.reason));
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
