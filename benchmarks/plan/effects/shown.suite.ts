/** For each kind of action a cluster in which it is what helps, and for what only a person does what it comes to. */
import type { ClusterSnapshot, DirectWrites, ResourceRef, SimulatedCluster } from '@aia/cluster';
import type { Planning } from '../../../packages/operations/src/plan/planning.ts';
import * as by from './by-hand.suite.ts';
import { befallen, METRICS_SERVER } from './befallen.suite.ts';
import * as made from './made-scenes.suite.ts';

/** A twin on which somebody does what an instruction says. */
export interface Hand {
  readonly cluster: SimulatedCluster;
  readonly writes: DirectWrites;
  readonly planning: Planning;
  /** Of the instruction. */
  readonly target: ResourceRef;
}

export interface Shown {
  readonly scene: () => ClusterSnapshot;
  /** Code of the findings that go where the cause itself stays, since it is for others to decide about it. */
  readonly eases?: string;
  /** Why it is not as it was when it is taken back late. */
  readonly moves?: string;
  /** Why a twin that is left alone does not show what it helps against. */
  readonly passes?: string;
  /** What a person does who follows the instruction; only of remedies that are all for persons. */
  readonly byHand?: (hand: Hand) => void;
}

/** By kind; scenes by the name of a fault are the cluster of all faults with this one. */
export const SHOWN: Readonly<Record<string, Shown>> = {
  'right-size-requests': { scene: made.oversized },
  'raise-limits': befallen('memory-limit-too-low'),
  'raise-requests': { scene: made.killedByNode, passes: 'a twin does not run short of memory as the node did' },
  'set-limits': befallen('namespace-quota-needs-values'),
  'create-limit-range': befallen('namespace-quota-needs-values'),
  'adjust-resource-quota': befallen('namespace-quota-exhausted'),
  'adjust-limit-range': befallen('limit-range-refuses'),
  'tune-autoscaler': befallen('autoscaler-at-maximum'),
  'resize-node-pool': { scene: made.idle },
  'set-pool-autoscaling': befallen('node-pool-at-maximum'),
  'change-zones': { scene: made.outOfStock },
  'set-autoscaling-profile': { scene: made.halfEmpty },
  'create-node-pool': { scene: made.tooLarge },
  'uncordon-node': befallen('all-nodes-cordoned'),
  'replace-node': befallen('node-lost'),
  'grant-role': befallen('load-balancer-permission-missing'),
  'drain-node': { scene: made.halfEmpty, moves: 'the autoscaler takes the empty node away' },
  'allow-eviction': { scene: made.marked },
  'change-machine-type': {
    scene: made.hungry,
    moves: 'the machines of the first pool are others when it is made again',
  },
  'provide-capacity': { ...befallen('pod-range-exhausted'), byHand: by.addingPodRange },
  'roll-back-workload': befallen('image-missing'),
  'resume-rollout': befallen('rollout-left-paused'),
  'make-rollout-room': { ...befallen('rollout-without-room'), eases: 'deployment-rollout-stuck' },
  'scale-workload': befallen('dependency-down'),
  'resume-schedule': befallen('cron-job-suspended'),
  'recreate-job': { scene: made.failedRun },
  'delete-pod': { scene: made.corrected },
  'restart-workload': { scene: made.outdated },
  'fix-reference': { scene: made.mistyped },
  'fix-config-key': befallen('config-map-key-renamed'),
  'make-reference-optional': befallen('config-map-item-missing'),
  'restore-config-map': { scene: made.elsewhere },
  'restore-secret': { ...befallen('secret-missing'), byHand: by.makingSecret },
  'restore-registry-access': befallen('registry-access-refused'),
  'use-cached-image': befallen('registry-unreachable'),
  'fix-image': befallen('image-name-invalid'),
  'fix-command': { scene: made.wrongCommand },
  'fix-probe': befallen('probe-path-wrong'),
  'fix-environment': { scene: made.wrongValue },
  'fix-service-account': befallen('service-account-missing'),
  'fix-pull-secret': { ...befallen('pull-secret-missing'), byHand: by.makingPullSecret },
  'ask-owner': { ...befallen('image-missing'), byHand: by.changingImage },
  'fix-selector': befallen('service-selector-drift'),
  'fix-target-port': { scene: made.wrongPort },
  'fix-ingress-backend': befallen('ingress-port-wrong'),
  'allow-traffic': befallen('network-policy-blocks'),
  'delete-webhook': befallen('webhook-left-behind'),
  'open-webhook': befallen('webhook-left-behind'),
  'restore-webhook-backend': befallen('webhook-down'),
  'exempt-webhook-namespace': { scene: made.selfGuarding },
  'request-quota': befallen('quota-cpus'),
  'answer-refusal': { ...befallen('machine-permission-missing'), byHand: by.givingRights },
  'consolidate-load-balancers': befallen('load-balancer-proliferation'),
  'internalise-service': befallen('quota-target-pools'),
  'delete-service': { scene: made.leadingNowhere },
  'reserve-address': befallen('load-balancer-proliferation'),
  'release-address': { scene: made.leftAddress },
  'fix-issuer': { ...befallen('certificate-issuer-missing'), byHand: by.makingIssuer },
  'renew-certificate': { ...befallen('certificate-expired'), byHand: by.renewing },
  'fix-tls-secret': { scene: made.mistypedSecret },
  'fix-certificate-host': { scene: made.unnamedHost },
  'fix-ca-bundle': { scene: made.mistrusted, byHand: by.copyingAuthority },
  'trace-connection': { ...befallen('dns-down'), byHand: by.changingImage },
  'create-issuer': befallen('certificate-issuer-missing'),
  'alias-service': { scene: made.otherName },
  'fix-node-selector': befallen('node-selector-unmatched'),
  'fix-priority-class': befallen('priority-class-missing'),
  'fix-topology-spread': befallen('spread-unsatisfiable'),
  'free-host-port': befallen('host-port-conflict'),
  'relax-affinity': befallen('anti-affinity-unmet'),
  'remove-scheduling-gate': befallen('scheduling-gate-left'),
  'remove-taint': { scene: made.tainted },
  'tolerate-taint': { scene: made.tainted },
  'lower-priority': befallen('priority-inversion'),
  'restore-requests': befallen('pod-too-large'),
  'recreate-claim': { ...befallen('provisioner-missing'), moves: 'pods keep the claim that they use' },
  'create-storage-class': befallen('storage-class-missing'),
  'fix-storage-class': befallen('provisioner-refuses'),
  'share-volume': befallen('volume-held'),
  'expand-claim': { scene: made.unexpanded },
  'repair-volume': { ...befallen('mount-fails'), byHand: by.restoringVolume },
  'tune-disruption-budget': befallen('disruption-budget-deadlock'),
  'set-security-context': befallen('pod-security-refuses'),
  'mount-writable-directory': befallen('root-filesystem-read-only'),
  'mount-single-file': befallen('mount-over-file'),
  'fix-autoscaler-target': befallen('autoscaler-target-missing'),
  'restore-api-service': befallen('metrics-api-down', METRICS_SERVER),
};
