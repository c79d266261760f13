/**
 * The conditions of a pod that its kubelet sets. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions;
 * `pkg/kubelet/status/generate.go`
 */
import type { ContainerStatus, Pod } from '../../model/kinds.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import type { ContainerRuntime, PodRuntime } from './pod-runtime.ts';

type Conditions = NonNullable<NonNullable<Pod['status']>['conditions']>;
/** One condition of a pod. */
export type PodCondition = Conditions[number];
type Judgement = Pick<PodCondition, 'status' | 'reason' | 'message'>;
type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

const OWNED = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const;
const TRUE: Judgement = { status: 'True' };

/** All conditions: those of others as they are, then the kubelet's own. A transition is dated when the status changes. */
export function podConditions(
  pod: PodRuntime,
  phase: Phase,
  statuses: ReadonlyMap<string, ContainerStatus>,
  now: number,
): Conditions {
  const known = pod.object.status?.conditions ?? [];
  // What a recorded pod did not show, because its version did not know it, is dated from when it was seen first.
  const reported = pod.reported?.conditions ?? [];
  const containersReady = containersReadyOf(pod, phase, statuses);
  const judgements: Readonly<Record<(typeof OWNED)[number], Judgement>> = {
    PodReadyToStartContainers: { status: pod.sandboxAt === undefined || pod.finished !== undefined ? 'False' : 'True' },
    Initialized: initializedOf(pod, phase, statuses),
    Ready: containersReady.status === 'True' ? gatesOf(pod.object, known) : containersReady,
    ContainersReady: containersReady,
    PodScheduled: TRUE,
  };
  const { disruption } = pod;
  const others = known.filter(
    ({ type }) => !(OWNED as readonly string[]).includes(type) && !isResize(type) && type !== disruption?.type,
  );
  const { generation } = pod.object.metadata;
  const own = OWNED.map((type): PodCondition => {
    const before = known.find((one) => one.type === type) ?? reported.find((one) => one.type === type);
    const judgement = type === 'PodScheduled' && before?.status === 'True' ? before : judgements[type];
    return condition(type, judgement, before, generation, now);
  });
  const ending = disruption === undefined ? [] : [disruption];
  return [...others, ...ending, ...resizeConditions(pod, known, now), ...own];
}

/** A condition dated by what it was before. */
export function condition(
  type: string,
  { status, reason, message }: Judgement,
  before: PodCondition | undefined,
  generation: number | undefined,
  now: number,
): PodCondition {
  const isSame = before?.status === status && before.lastTransitionTime !== undefined;
  const dated: PodCondition & { observedGeneration?: number } = {
    type,
    status,
    lastTransitionTime: isSame ? (before.lastTransitionTime as string) : timestamp(now),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  return dated;
}

function isResize(type: string): boolean {
  return type === 'PodResizePending' || type === 'PodResizeInProgress';
}

function resizeConditions({ resize, object }: PodRuntime, known: Conditions, now: number): Conditions {
  if (resize === undefined) return [];
  const type = resize.state === 'InProgress' ? 'PodResizeInProgress' : 'PodResizePending';
  const judgement =
    resize.state === 'InProgress' ? TRUE : { status: 'True', reason: resize.state, message: resize.message };
  const before = known.find((one) => one.type === type);
  return [condition(type, judgement, before, object.metadata.generation, now)];
}

function containersReadyOf(pod: PodRuntime, phase: Phase, statuses: ReadonlyMap<string, ContainerStatus>): Judgement {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = namesOf(
    pod.containers.filter(
      ({ role, spec }) => (role === 'main' || role === 'sidecar') && statuses.get(spec.name)?.ready !== true,
    ),
  );
  return unready === ''
    ? TRUE
    : { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${unready}]` };
}

function initializedOf(pod: PodRuntime, phase: Phase, statuses: ReadonlyMap<string, ContainerStatus>): Judgement {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  if (pod.containers.some((container) => container.role === 'main' && hasStarted(container))) return TRUE;
  const incomplete = namesOf(
    pod.containers.filter(({ role, spec }) => {
      const status = statuses.get(spec.name);
      return (role === 'init' && status?.ready !== true) || (role === 'sidecar' && status?.started !== true);
    }),
  );
  return incomplete === ''
    ? TRUE
    : {
        status: 'False',
        reason: 'ContainersNotInitialized',
        message: `containers with incomplete status: [${incomplete}]`,
      };
}

function hasStarted({ run, ended, last }: ContainerRuntime): boolean {
  return run !== undefined || ended !== undefined || last !== undefined;
}

function namesOf(containers: readonly ContainerRuntime[]): string {
  return containers.map(({ spec }) => spec.name).join(' ');
}

/** Conditions that others must set before the pod counts as ready. */
function gatesOf({ spec }: Pod, conditions: Conditions): Judgement {
  const missing = (spec?.readinessGates ?? []).flatMap(({ conditionType: type }) => {
    const found = conditions.find((one) => one.type === type);
    if (found === undefined) return [`corresponding condition of pod readiness gate "${type}" does not exist.`];
    return found.status === 'True'
      ? []
      : [`the status of pod readiness gate "${type}" is not "True", but ${found.status}`];
  });
  return missing.length === 0
    ? TRUE
    : { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}
