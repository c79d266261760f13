/** Pods that wait since pods of a higher priority took their room. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/ */
import { namespacedName, refOf, refText, type Event, type KubeObject, type Pod } from '@aia/cluster';
import type { Counterfactual, Weighing } from '@aia/contract';
import { eventEvidence } from '../../../examination.ts';
import type { Finding } from '../../../finding.ts';
import { fitting } from '../../../nodes/capacity.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../../hypothesis.ts';
import type { Waiting } from '../waiting-pods.ts';
import { fitText } from './outcome.ts';

/** What took the room of others. */
interface Preemptor {
  readonly workload: KubeObject;
  readonly pods: readonly Pod[];
  readonly priority: number;
  readonly events: readonly Event[];
}

/** One for each workload for whose pods the scheduler preempted others. */
export function* explainPreempted(context: CauseContext, waiting: readonly Waiting[]): Iterable<Hypothesis> {
  for (const preemptor of preemptorsOf(context)) {
    const displaced = waiting.filter(({ pod }) => (pod.spec?.priority ?? 0) < preemptor.priority);
    const own = new Set(preemptor.pods);
    if (displaced.some(({ pod }) => preemptor.events.some((event) => isKin(event, pod))))
      yield hypothesisOf(
        context,
        preemptor,
        displaced,
        waiting.filter(({ pod }) => own.has(pod)),
      );
  }
}

function hypothesisOf(
  context: CauseContext,
  { workload, pods, priority, events }: Preemptor,
  displaced: readonly Waiting[],
  more: readonly Waiting[],
): Hypothesis {
  const { world } = context.examination;
  const none = { cpuMillis: 0, memoryBytes: 0 };
  const without = world.withRequests(new Map(pods.map((pod) => [namespacedName(pod), none])));
  const waiting = displaced.map(({ pod }) => pod);
  const fits = fitting(without, waiting);
  const name = refText(refOf(workload));
  const count = waiting.length === 1 ? 'One pod waits' : `${waiting.length} pods wait`;
  return {
    class: 'preempted-by-priority',
    resource: refOf(workload),
    title: `Pods of higher priority took the room of others (${name})`,
    statement: `${count} for room: the scheduler preempted pods of lower priority for those of ${name} (priority ${priority}), and what was preempted finds no other place.`,
    effects: [
      ...effectsOn(findingsOf(displaced), 'pods of a higher priority took the room'),
      ...effectsOn(findingsOf(more), 'it asks for more than is left, whomever it displaces'),
    ],
    evidence: [
      ...events.slice(0, 3).map(eventEvidence),
      ...displaced.slice(0, 1).flatMap(({ finding }) => finding.evidence.slice(0, 2)),
    ],
    weighings: [
      { observation: 'the scheduler says whom it preempted for whom', ratio: STRENGTH.stated },
      roomWeighing(fits, waiting.length),
      // Whatever keeps further nodes away did so before, when nobody waited.
      { observation: 'what waits had room until it was preempted', ratio: STRENGTH.typical },
    ],
    remediation: {
      class: 'change-placement',
      text: `Give ${name} a priority that does not exceed what it displaces, or preemptionPolicy: Never; or let it ask for less, or add nodes for it.`,
    },
    counterfactuals: () => [outcomeOf(name, fits, waiting.length)],
  };
}

function findingsOf(waiting: readonly Waiting[]): readonly Finding[] {
  return waiting.map(({ finding }) => finding);
}

function roomWeighing(fits: number, pods: number): Weighing {
  return {
    observation: `without what these pods request ${fits} of ${pods} of the waiting ones fit`,
    ratio: fits === pods ? STRENGTH.measured : fits > 0 ? STRENGTH.typical : STRENGTH.unlikely,
  };
}

function outcomeOf(name: string, resolved: number, affected: number): Counterfactual {
  return { change: `without the pods of ${name}`, outcome: fitText(resolved, affected), resolved, affected };
}

function preemptorsOf({ examination }: CauseContext): readonly Preemptor[] {
  const { snapshot } = examination;
  const said = snapshot
    .list('Event')
    .filter(({ reason, involvedObject }) => reason === 'Preempted' && involvedObject?.kind === 'Pod');
  if (said.length === 0) return [];
  const pods = snapshot.list('Pod');
  const byUid = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
  const by = Map.groupBy(
    said.flatMap((event) => {
      const pod = preemptorOf(event, byUid) ?? snapshot.get('Pod', ...nameIn(event));
      return pod === undefined ? [] : [{ event, workload: examination.workloadOf(pod) }];
    }),
    ({ workload }) => workload,
  );
  return [...by].map(([workload, rows]) => {
    const own = pods.filter((pod) => examination.workloadOf(pod) === workload);
    const priority = Math.max(...own.map(({ spec }) => spec?.priority ?? 0));
    return { workload, priority, pods: own, events: rows.map(({ event }) => event) };
  });
}

/** By uid, as `related` and the message since 1.26 have it. */
function preemptorOf({ related, message = '' }: Event, byUid: ReadonlyMap<string | undefined, Pod>): Pod | undefined {
  const [, said] = /^Preempted by pod ([\w-]{1,80}) on node /.exec(message) ?? [];
  const uid = related?.uid ?? said;
  return uid === undefined ? undefined : byUid.get(uid);
}

/** `Preempted by shop/batch on node n1`, as before 1.26; else the object that the event is related to. */
function nameIn({ related, message = '' }: Event): readonly [namespace: string, name: string] {
  const [, namespace, name] = /^Preempted by ([\w.-]{1,253})\/([\w.-]{1,253}) on node /.exec(message) ?? [];
  return [namespace ?? related?.namespace ?? '', name ?? related?.name ?? ''];
}

/** Whether a waiting pod stands in for the one that was preempted: of the same owner, or the same of a StatefulSet. */
function isKin({ involvedObject }: Event, { metadata }: Pod): boolean {
  const { namespace, name = '' } = involvedObject ?? {};
  if (namespace !== metadata.namespace) return false;
  const [owner] = metadata.ownerReferences ?? [];
  return name === metadata.name || (owner !== undefined && name.startsWith(`${owner.name}-`));
}
