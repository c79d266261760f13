/** Pods that a further node would not help: larger than any node, in need of what no node has, or bound to a full one. */
import { formatCpu, readableBytes, refText, type Pod, type ResourceRef, type SchedulingWorld } from '@aia/cluster';
import type { Counterfactual } from '@aia/contract';
import { withRightSizing } from '../../../nodes/capacity.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../../hypothesis.ts';
import type { Unfit } from './case.ts';
import { rightSizingOutcome } from './outcome.ts';
import { workloadRef } from '../workload-ref.ts';

export function explainUnfit(context: CauseContext, { waiting, node }: Unfit): Hypothesis {
  const [first] = waiting as [Unfit['waiting'][number]];
  const { world } = context.examination;
  const workload = workloadRef(first.finding);
  const evidence = waiting.flatMap(({ finding }) => finding.evidence.slice(0, 2)).slice(0, 6);
  const cause = node === undefined ? hopeless(world, first.pod, workload) : nodeFull(node, workload);
  const count = waiting.length === 1 ? 'One pod' : `${waiting.length} pods`;
  return {
    ...cause,
    statement: `${count} of ${refText(workload)} cannot be scheduled: ${cause.why}.`,
    effects: effectsOn(
      waiting.map(({ finding }) => finding),
      cause.why,
    ),
    evidence,
    counterfactuals: () =>
      rightSizingOutcomes(
        world,
        waiting.map(({ pod }) => pod),
      ),
  };
}

/** Lower requests of what runs already make room on a full node; for a pod that is too large they say that they do not. */
function rightSizingOutcomes(world: SchedulingWorld, pods: readonly Pod[]): readonly Counterfactual[] {
  const sized = withRightSizing(world, pods);
  return sized === undefined ? [] : [rightSizingOutcome(sized, '')];
}

type Cause = Pick<Hypothesis, 'class' | 'resource' | 'title' | 'weighings' | 'remediation'> & { readonly why: string };

const SCHEDULER = {
  observation: 'the scheduler finds too little on every node that it may use',
  ratio: STRENGTH.typical,
};

function nodeFull(node: string, workload: ResourceRef): Cause {
  return {
    class: 'node-full',
    resource: { group: '', kind: 'Node', namespace: '', name: node },
    title: `Node ${node} has no room for its pod of ${refText(workload)}`,
    why: `the pod belongs on node ${node} alone, and other pods have taken what it needs there; further nodes do not help`,
    weighings: [SCHEDULER, { observation: 'the pod may run on this one node only', ratio: STRENGTH.measured }],
    remediation: {
      class: 'resize-requests',
      text: 'Lower the requests of what runs on the node, or give the DaemonSet a priority class so that it comes before them.',
    },
  };
}

function hopeless(world: SchedulingWorld, pod: Pod, workload: ResourceRef): Cause {
  const absent = absentResources(world, pod);
  if (absent.length > 0) {
    const names = absent.join(', ');
    return {
      class: 'resource-not-offered',
      resource: workload,
      title: `No node offers ${names} (${refText(workload)})`,
      why: `they ask for ${names}, which no node of the cluster offers`,
      weighings: [{ observation: `no node lists ${names} as allocatable`, ratio: STRENGTH.measured }, SCHEDULER],
      remediation: {
        class: 'add-capacity',
        text: `Add a node pool that offers ${names} (and its device plugin), or drop the request.`,
      },
    };
  }
  const { cpuMillis, memoryBytes } = world.requestsOf(pod);
  const largest = world.nodes.reduce((most, { allocatable }) => Math.max(most, allocatable.cpuMillis), 0);
  const memory = world.nodes.reduce((most, { allocatable }) => Math.max(most, allocatable.memoryBytes), 0);
  return {
    class: 'pod-larger-than-any-node',
    resource: workload,
    title: `The pods of ${refText(workload)} ask for more than any node of the cluster offers`,
    why: `each asks for ${formatCpu(cpuMillis)} CPU and ${readableBytes(memoryBytes)}, and no kind of node takes that even when empty (the largest has ${formatCpu(largest)} CPU and ${readableBytes(memory)} to give, less what every node runs)`,
    weighings: [
      SCHEDULER,
      {
        observation: 'the scheduling filters refuse the pods on an empty node of every kind',
        ratio: STRENGTH.measured,
      },
    ],
    remediation: { class: 'add-capacity', text: 'Lower the requests, or add a pool with larger machines.' },
  };
}

/** Extended resources that the pod asks for and no node has any of. */
function absentResources(world: SchedulingWorld, pod: Pod): readonly string[] {
  const wanted = [...world.requestsOf(pod).others].filter(([, amount]) => amount > 0).map(([name]) => name);
  return wanted
    .filter((name) => world.nodes.every(({ allocatable }) => (allocatable.others.get(name) ?? 0) === 0))
    .sort();
}
