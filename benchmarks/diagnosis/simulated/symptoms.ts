/**
 * What a cluster shows of what is wrong in it, as its API serves it and without any diagnosis: states of containers, the scheduler's reasons,
 * warnings, conditions. What only says that something is not as wanted (phases, rollups of workloads) is left out, since it does not tell one
 * cause from another; so are names of pods and ReplicaSets, and numbers, which are drawn.
 */
import { controllingReference, type ClusterSnapshot, type KubeObject } from '@aia/cluster';

type Json = Readonly<Record<string, unknown>>;

/** Their conditions and phases follow from those of their pods. */
const ROLLUPS: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job']);
/** Of every start. */
const USUAL: ReadonlySet<string> = new Set(['running', 'waiting ContainerCreating', 'waiting PodInitializing', '']);

/** One line for each symptom: `Deployment shop/web: waiting ImagePullBackOff`. */
export function symptomsOf({ objects }: ClusterSnapshot): ReadonlySet<string> {
  const all = new Map(objects.map((object) => [keyOf(object.kind, object.metadata), object]));
  return new Set(
    objects.flatMap((object) =>
      linesOf(object as KubeObject & Json).map((line) => `${subjectOf(object, all)}: ${line}`),
    ),
  );
}

function linesOf(object: KubeObject & Json): readonly string[] {
  if (object.kind === 'Event') return warningOf(object);
  const status = (object['status'] ?? {}) as Json;
  const conditions = (status['conditions'] ?? []) as readonly Json[];
  if (object.kind === 'Pod') return [...schedulingLines(conditions), ...containerLines(status)];
  if (ROLLUPS.has(object.kind)) return [];
  const { phase } = status;
  return [
    ...(phase === undefined ? [] : [`phase ${String(phase)}`]),
    ...conditions.map(({ type, status: value, reason = '' }) => `${String(type)}=${String(value)} ${String(reason)}`),
  ];
}

/** `node(s) were unschedulable`, each reason by itself. */
function schedulingLines(conditions: readonly Json[]): readonly string[] {
  const { status, message = '' } = conditions.find(({ type }) => type === 'PodScheduled') ?? {};
  if (status !== 'False') return [];
  const [, reasons = String(message)] = /: (.*?)\.(?: preemption| no new claims|$)/.exec(String(message)) ?? [];
  return reasons.split(', ').map((reason) => `scheduling ${withoutNumbers(reason)}`);
}

function containerLines({ containerStatuses = [], initContainerStatuses = [] }: Json): readonly string[] {
  const statuses = [...(containerStatuses as readonly Json[]), ...(initContainerStatuses as readonly Json[])];
  return statuses
    .flatMap(({ state, lastState }) => [stateText(state), stateText(lastState)])
    .filter((text) => !USUAL.has(text) && !text.startsWith('terminated Completed'));
}

/** `waiting CrashLoopBackOff`, `terminated Error 1`. */
function stateText(state: unknown): string {
  const [[name, details] = ['', {}]] = Object.entries((state ?? {}) as Readonly<Record<string, Json>>);
  return [name, details['reason'], details['exitCode']].filter((one) => one !== undefined).join(' ');
}

function warningOf({ type, reason, message = '' }: Json): readonly string[] {
  // What the scheduler says stands in the condition of the pod as well.
  if (type !== 'Warning' || reason === 'FailedScheduling') return [];
  return [`warning ${String(reason)} ${withoutNumbers(String(message))}`];
}

/** Without anything that may be a number or the letters of a drawn name. */
function withoutNumbers(text: string): string {
  return text.replace(/[\w.:-]*\d[\w.:-]*/g, '#');
}

function keyOf(
  kind: string,
  { namespace = '', name }: { readonly namespace?: string | undefined; readonly name: string },
) {
  return `${kind} ${namespace}/${name}`;
}

/** Whom people know: the Deployment of a pod; of an event, whom it is about, and of pods that are gone their namespace. */
function subjectOf(object: KubeObject, all: ReadonlyMap<string, KubeObject>): string {
  const { involvedObject } = object as { readonly involvedObject?: { kind: string; namespace?: string; name: string } };
  if (involvedObject !== undefined) {
    const about = all.get(keyOf(involvedObject.kind, involvedObject));
    return about === undefined ? `${involvedObject.kind} in ${involvedObject.namespace}` : subjectOf(about, all);
  }
  const owner = controllingReference(object);
  if (owner === undefined) return keyOf(object.kind, object.metadata);
  const key = keyOf(owner.kind, { namespace: object.metadata.namespace, name: owner.name });
  const found = all.get(key);
  return found === undefined || found === object ? key : subjectOf(found, all);
}
