/**
 * What a cluster shows of what is wrong in it, as its API serves it and without any diagnosis: phases, states of containers, conditions, warnings.
 * Names of pods and ReplicaSets are left out, since they are drawn.
 */
import { controllingReference, type ClusterSnapshot, type KubeObject } from '@aia/cluster';

type Json = Readonly<Record<string, unknown>>;

/** One line for each symptom: `Deployment shop/web: waiting ImagePullBackOff`. */
export function symptomsOf({ objects }: ClusterSnapshot): ReadonlySet<string> {
  const all = new Map(objects.map((object) => [keyOf(object.kind, object.metadata), object]));
  const subject = (object: KubeObject) => subjectOf(object, all);
  return new Set(
    objects.flatMap((object) =>
      object.kind === 'Event'
        ? warningOf(object as unknown as Json, all, subject)
        : statusLines(object).map((line) => `${subject(object)}: ${line}`),
    ),
  );
}

/** Whether the one shows something that the other does not. */
export function differ(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size !== other.size || [...one].some((line) => !other.has(line));
}

function keyOf(
  kind: string,
  { namespace = '', name }: { readonly namespace?: string | undefined; readonly name: string },
) {
  return `${kind} ${namespace}/${name}`;
}

/** Whom people know: the Deployment of a pod. */
function subjectOf(object: KubeObject, all: ReadonlyMap<string, KubeObject>): string {
  const { namespace } = object.metadata;
  const owner = controllingReference(object);
  if (owner === undefined) return keyOf(object.kind, object.metadata);
  const key = keyOf(owner.kind, { namespace, name: owner.name });
  const found = all.get(key);
  return found === undefined || found === object ? key : subjectOf(found, all);
}

function warningOf(
  event: Json,
  all: ReadonlyMap<string, KubeObject>,
  subject: (object: KubeObject) => string,
): readonly string[] {
  const { type, reason, involvedObject } = event;
  if (type !== 'Warning') return [];
  const { kind = '', namespace, name = '' } = involvedObject as { kind?: string; namespace?: string; name?: string };
  const object = all.get(keyOf(kind, { namespace, name }));
  // Pods that are gone are known by the workload that their name begins with, and not by the letters behind.
  return [`${object === undefined ? `${kind} ${namespace ?? ''}` : subject(object)}: warning ${String(reason)}`];
}

function statusLines({ status }: KubeObject & { readonly status?: Json }): readonly string[] {
  if (status === undefined) return [];
  const {
    phase,
    conditions = [],
    containerStatuses = [],
    initContainerStatuses = [],
  } = status as {
    readonly phase?: string;
    readonly conditions?: readonly Json[];
    readonly containerStatuses?: readonly Json[];
    readonly initContainerStatuses?: readonly Json[];
  };
  return [
    ...(phase === undefined ? [] : [`phase ${phase}`]),
    ...conditions.map(({ type, status: value, reason }) => `${String(type)}=${String(value)} ${String(reason ?? '')}`),
    ...[...containerStatuses, ...initContainerStatuses].flatMap(containerLines),
  ];
}

function containerLines({ name, ready, state, lastState }: Json): readonly string[] {
  return [`container ${String(name)} ready ${String(ready)}`, stateText(state), stateText(lastState)];
}

/** `waiting CrashLoopBackOff`, `terminated Error 1`. */
function stateText(state: unknown): string {
  const [[name, details] = ['', {}]] = Object.entries((state ?? {}) as Readonly<Record<string, Json>>);
  return [name, details['reason'], details['exitCode']].filter((one) => one !== undefined).join(' ');
}
