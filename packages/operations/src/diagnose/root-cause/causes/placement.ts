/** Causes for unschedulable pods that more capacity of the same kind would not help. */
import { refText, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';
import { text, texts } from '../finding-index.ts';
import { STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { workloadRef } from './container.ts';

interface PlacementCause {
  readonly class: string;
  readonly title: string;
  readonly why: string;
  readonly remediation: readonly [RemediationClass, string];
}

const CAUSES: Readonly<Record<string, PlacementCause>> = {
  taint: {
    class: 'untolerated-taint',
    title: 'Nodes carry a taint that the pods do not tolerate',
    why: 'the remaining nodes are tainted and the pods lack the toleration',
    remediation: ['change-placement', 'Add the toleration, or remove the taint once its reason is gone.'],
  },
  affinity: {
    class: 'node-affinity-unmatched',
    title: 'No node matches the node selector or affinity',
    why: 'no node carries the labels that the pods ask for',
    remediation: ['change-placement', 'Correct the selector, or label or add nodes that match.'],
  },
  'inter-pod': {
    class: 'pod-affinity-unmatched',
    title: 'Pod affinity or anti-affinity leaves no node',
    why: 'the rules about other pods exclude every node',
    remediation: ['change-placement', 'Relax the rule to preferred, or add nodes.'],
  },
  spread: {
    class: 'spread-unsatisfiable',
    title: 'Topology spread constraints leave no node',
    why: 'placing the pods would exceed the allowed skew',
    remediation: ['change-placement', 'Allow a larger skew or ScheduleAnyway, or add capacity in the short zone.'],
  },
  'host-port': {
    class: 'host-port-taken',
    title: 'The host port is taken on every node',
    why: 'each node can give a host port only once',
    remediation: ['change-placement', 'Drop hostPort, or run no more pods than nodes.'],
  },
  unschedulable: {
    class: 'nodes-cordoned',
    title: 'The nodes that would fit are cordoned',
    why: 'cordoned nodes take no new pods',
    remediation: ['repair-node', 'Uncordon the nodes when their maintenance is over.'],
  },
  'volume-zone': {
    class: 'volume-zone-conflict',
    title: "The pods' volumes are in another zone than the free nodes",
    why: 'a zonal volume can only be used in its own zone',
    remediation: ['add-capacity', "Add a node in the volume's zone, or move the volume."],
  },
  'volume-limit': {
    class: 'volume-limit-reached',
    title: 'The nodes have no volume slot left',
    why: 'each node can attach only so many volumes',
    remediation: ['add-capacity', 'Add nodes, or spread the pods with volumes.'],
  },
  claim: {
    class: 'claim-unusable',
    title: 'A PersistentVolumeClaim that the pods need is missing or unbound',
    why: 'a pod cannot be placed before its claim can be bound',
    remediation: ['repair-storage', 'Create the claim or fix its class and provisioner.'],
  },
  volume: {
    class: 'volume-unavailable',
    title: 'No usable volume for the pods',
    why: 'no volume that they can use is available',
    remediation: ['repair-storage', 'Provide a matching volume.'],
  },
  'node-name': {
    class: 'node-name-unmatched',
    title: 'The named node does not exist',
    why: 'the pods ask for one node by name',
    remediation: ['change-placement', 'Drop nodeName.'],
  },
  gated: {
    class: 'scheduling-gated',
    title: 'Scheduling gates hold the pods back',
    why: 'whoever set the gates has not removed them',
    remediation: ['investigate', 'Ask the controller that owns the gate.'],
  },
};

/** In which order a pod's mixed reasons are read; capacity comes first and is another family. */
const ORDER = Object.keys(CAUSES);

export function* explainByPlacement({ findings }: CauseContext): Iterable<Hypothesis> {
  const unschedulable = findings
    .ofCode('pod-unschedulable')
    .map((finding) => ({ finding, reason: ORDER.find((reason) => texts(finding, 'classes').includes(reason)) }));
  const groups = Map.groupBy(
    unschedulable.filter(({ reason }) => reason !== undefined),
    ({ finding, reason }) => `${reason} ${text(finding, 'workload')}`,
  );
  for (const group of groups.values()) {
    const [first] = group;
    const cause = CAUSES[first?.reason ?? ''];
    if (first !== undefined && cause !== undefined)
      yield hypothesisOf(
        cause,
        workloadRef(first.finding),
        group.map(({ finding }) => finding),
      );
  }
}

function hypothesisOf(cause: PlacementCause, workload: ResourceRef, group: readonly Finding[]): Hypothesis {
  const mixed = group.some((finding) => texts(finding, 'classes').includes('capacity'));
  return {
    class: cause.class,
    resource: workload,
    title: `${cause.title} (${refText(workload)})`,
    statement: `${group.length} pod${group.length === 1 ? '' : 's'} of ${refText(workload)} cannot be scheduled: ${cause.why}.`,
    effects: group.map((finding) => ({
      finding: finding.id,
      relation: cause.why,
      evidence: finding.evidence.slice(0, 2),
    })),
    evidence: group.flatMap((finding) => finding.evidence).slice(0, 6),
    weighings: [
      { observation: 'the scheduler gives this reason', ratio: STRENGTH.stated },
      // Tainted and unmatched nodes are named in passing whenever the matching ones are merely full.
      ...(mixed ? [{ observation: 'other nodes would do but are full', ratio: STRENGTH.contradicted }] : []),
    ],
    remediation: { class: cause.remediation[0], text: cause.remediation[1] },
  };
}
