/** Controllers of workloads on an API server, with pods that a tiny kubelet runs as told. */
import type { Event, Pod } from '../../model/kinds.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import { ApiServer } from '../api/api-server.ts';
import { BUILT_IN_TYPES, EVENTS, PODS } from '../api/built-in-types.ts';
import type { AdmissionPlugin } from '../api/request.ts';
import { ResourceTypes } from '../api/resource-types.ts';
import { createRandom } from '../clock/random.ts';
import { timestamp, VirtualClock } from '../clock/virtual-clock.ts';
import { EventRecorder } from '../events/event-recorder.ts';
import { HEALTHY } from '../kubelet/behaviour.ts';
import { Kubelets } from '../kubelet/kubelets.ts';
import type { SimulationContext } from '../simulation-context.ts';
import { ObjectStore } from '../store/object-store.ts';
import { surroundingsOf } from '../surroundings.ts';
import { ControlLoop, type MakeController } from './controller.ts';
import { CertificateRegistry } from '../certificates/certificate-registry.ts';
import { unlessGone } from './claim.ts';

/** What the tiny kubelet does with each pod. */
export interface FakeKubelet {
  /** Milliseconds until a new pod runs and is ready; `undefined` leaves it pending. Default 1000. */
  readyAfterMs(pod: Pod): number | undefined;
  /** Milliseconds that a deleted pod takes to go. Default 1000. */
  stopsAfterMs(pod: Pod): number;
  /** Default always `node-1`. */
  nodeOf(pod: Pod): string;
}

const PROMPT: FakeKubelet = { readyAfterMs: () => 1000, stopsAfterMs: () => 1000, nodeOf: () => 'node-1' };

/** A cluster of the given controllers alone; nothing but the kubelet below touches pods. */
export function workloadCluster(
  controllers: readonly MakeController[],
  { kubelet = {}, admission = [], seed = '0' }: WorkloadClusterOptions = {},
) {
  const clock = new VirtualClock(Date.UTC(2025, 0, 1));
  const store = new ObjectStore(() => clock.now);
  const types = new ResourceTypes(BUILT_IN_TYPES);
  const random = createRandom(seed);
  const api = new ApiServer({ store, types, clock, random: random.fork('api'), strategies: new Map(), admission });
  const parts = {
    api,
    clock,
    events: new EventRecorder(api, clock),
    random,
    behaviours: HEALTHY,
    serverVersion: 'v1.36.2',
    surroundings: surroundingsOf(undefined),
    certificates: new CertificateRegistry(store, surroundingsOf(undefined)),
  };
  const context: SimulationContext = { ...parts, kubelets: new Kubelets(parts) };
  for (const make of controllers) new ControlLoop(make(context), store, clock);
  runPods(context, { ...PROMPT, ...kubelet });
  return { ...context, store, pods: () => [...store.list(PODS)], told: () => toldOf(store) };
}

/** How to make a {@link workloadCluster}. */
export interface WorkloadClusterOptions {
  readonly kubelet?: Partial<FakeKubelet>;
  readonly admission?: readonly AdmissionPlugin[];
  readonly seed?: string;
}

/** Events as `Type Reason message`, in the order in which they were first told. */
function toldOf(store: ObjectStore): readonly string[] {
  return [...store.list(EVENTS)].map(({ type, reason, message }: Event) => `${type} ${reason} ${message}`);
}

function runPods({ api, clock }: SimulationContext, kubelet: FakeKubelet): void {
  api.store.listen(({ type, kind, object, previous }) => {
    if (type.kind !== 'Pod') return;
    const pod = object as Pod;
    const isMarked = (one: Pod | undefined) => one?.metadata.deletionTimestamp !== undefined;
    if (kind === 'ADDED') {
      const readyAfterMs = kubelet.readyAfterMs(pod);
      if (readyAfterMs === undefined) return;
      clock.after(0, () => unlessGone(() => assign(api, pod, kubelet.nodeOf(pod))));
      clock.after(readyAfterMs, () => {
        const now = api.store.get(PODS, pod.metadata.namespace ?? '', pod.metadata.name);
        if (now !== undefined && !isFinished(now)) setReady(api, pod, true);
      });
    } else if (kind === 'MODIFIED' && isMarked(pod) && !isMarked(previous as Pod | undefined)) {
      clock.after(kubelet.stopsAfterMs(pod), () => {
        const { namespace = '', name, uid = '' } = pod.metadata;
        if (api.store.get(PODS, namespace, name)?.metadata.uid !== uid) return;
        finish(api, pod, 'Succeeded');
        unlessGone(() => api.delete(PODS, namespace, name, { gracePeriodSeconds: 0 }));
      });
    }
  });
}

function assign(api: ApiServer, { metadata }: Pod, nodeName: string): void {
  api.change(PODS, metadata.namespace ?? '', metadata.name, (pod) => ({
    ...pod,
    spec: { ...pod.spec, containers: pod.spec?.containers ?? [], nodeName },
  }));
}

/** Makes a pod run, ready or not. */
export function setReady(api: ApiServer, pod: Pod, isReady: boolean): void {
  const at = timestamp(api.clock.now);
  const ready = { type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: at };
  writeStatus(api, pod, { phase: 'Running', startTime: at, conditions: [ready] });
}

/** Ends a pod; its containers exit with 0 or with the code. */
export function finish(api: ApiServer, pod: Pod, phase: 'Succeeded' | 'Failed', exitCode = 1): void {
  const at = timestamp(api.clock.now);
  const terminated = { exitCode: phase === 'Succeeded' ? 0 : exitCode, finishedAt: at };
  const containerStatuses = (pod.spec?.containers ?? []).map(({ name, image = '' }) => ({
    name,
    image,
    imageID: '',
    ready: false,
    restartCount: 0,
    state: { terminated },
  }));
  const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime: at }];
  writeStatus(api, pod, { phase, startTime: at, conditions, containerStatuses });
}

function writeStatus(api: ApiServer, { metadata }: Pod, status: NonNullable<Pod['status']>): void {
  const { namespace = '', name, uid } = metadata;
  if (api.store.get(PODS, namespace, name)?.metadata.uid !== uid) return;
  api.changeStatus(PODS, namespace, name, (pod) => ({ ...pod, status: { ...pod.status, ...status } }));
}
