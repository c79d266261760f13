/** Taking over pods that have a status already, such as those of a recorded cluster: each goes on with what it was doing. */
import type { ContainerStatus, Event, Pod } from '../../model/kinds.ts';
import { configReferences } from '../../topology/config-references.ts';
import { noteUser } from './container-config.ts';
import { CONFIG_MAPS, EVENTS, PERSISTENT_VOLUME_CLAIMS, SECRETS } from '../api/built-in-types.ts';
import { FIRST_DELAY_MS, LONGEST_DELAY_MS } from './back-off.ts';
import type { ContainerBehaviour } from './behaviour.ts';
import { placeOf } from './container-place.ts';
import { behaviourOf, plannedEnd } from './container-process.ts';
import { pullSecretsOf } from './images.ts';
import { imageTitle, readImage } from './image-reference.ts';
import { podStatusOf } from './pod-status.ts';
import {
  newPodRuntime,
  type ContainerRuntime,
  type Ended,
  type Kubelet,
  type NodeRuntime,
  type PodRuntime,
} from './pod-runtime.ts';
import { adoptProbes, beginProbes } from './probes.ts';
import { crashOf, probeKillOf } from './recorded-crash.ts';
import { recordedProgram } from './recorded-program.ts';
import { recordedUsage } from './usage.ts';

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

/** A pod that has not started for so long has a reason, even if its objects do not show it. */
const STUCK_MS = 300_000;
const RETRY_MS = 10_000;
/** So long after the end of its grace period nothing ends a pod by itself any more. */
const LINGERING_MS = 60_000;
const CREATING: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
const STARTING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

/** Whether a kubelet has looked after a pod before. */
export function hasHistory({ status }: Pod): boolean {
  return status?.startTime !== undefined || (status?.containerStatuses ?? []).length > 0;
}

/** The runtime of a pod with a history. Nothing of the status changes by it. */
export function adoptPod(kubelet: Kubelet, object: Pod, node: NodeRuntime): PodRuntime {
  const { now } = kubelet.clock;
  const { status } = object;
  const startedAt = timeOf(status?.startTime ?? object.metadata.creationTimestamp) ?? now;
  const pod = newPodRuntime(object, node, Math.min(startedAt, now));
  adoptNetwork(pod, now);
  const statuses = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  for (const container of pod.containers) {
    const found = statuses.find(({ name }) => name === container.spec.name);
    if (found !== undefined) adoptContainer(kubelet, pod, container, found);
  }
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') {
    const { phase, reason, message } = status;
    pod.finished = {
      phase,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    };
  }
  pod.isInitialized = pod.containers.some(({ role, run, ended }) => role === 'main' && (run ?? ended) !== undefined);
  adoptProgress(kubelet, pod);
  pod.isLingering = now - (timeOf(object.metadata.deletionTimestamp) ?? now) > LINGERING_MS;
  pod.reported = podStatusOf(pod, now, kubelet.features);
  return pod;
}

function adoptNetwork(pod: PodRuntime, now: number): void {
  const { status, spec } = pod.object;
  const condition = status?.conditions?.find(({ type }) => type === 'PodReadyToStartContainers');
  if (status?.podIP !== undefined) {
    pod.ip = status.podIP;
    if (spec?.hostNetwork !== true) pod.node.usedIps.add(status.podIP);
  }
  const hasSandbox = condition === undefined ? status?.podIP !== undefined : condition.status === 'True';
  if (hasSandbox) pod.sandboxAt = now;
}

/** How far the start had come: mounted volumes show by what came after them. */
function adoptProgress(kubelet: Kubelet, pod: PodRuntime): void {
  const hasCome = pod.containers.some(
    ({ run, ended, problem }) => run !== undefined || ended !== undefined || problem !== undefined,
  );
  if (adoptSandboxError(kubelet, pod, hasCome)) return;
  if (hasCome || pod.sandboxAt !== undefined) {
    pod.mounted = true;
    pod.sandboxAt ??= kubelet.clock.now;
  } else if (!adoptDamage(kubelet, pod) && kubelet.clock.now - pod.startedAt > STUCK_MS) {
    const event = latestEvent(kubelet, pod, ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);
    // The kubelet sums up from time to time that volumes are not mounted; why stands in the event before.
    const mount =
      event?.reason === 'FailedMount' ? latestEvent(kubelet, pod, ['FailedMount'], 'MountVolume.') : undefined;
    if (/ not found| non-existent /.test((mount ?? event)?.message ?? '') && event?.reason === 'FailedMount') return;
    pod.stuck = {
      reason: event?.reason === 'FailedAttachVolume' ? '' : (event?.reason ?? ''),
      message: event?.message ?? '',
    };
  }
}

const MOUNT_ERROR = /^MountVolume\.\w+ failed for volume "([^"]+)" : (.+)$/s;
/** Words of mount and fsck about what is on the disk, whichever node it hangs on. Source: util-linux mount(8); `k8s.io/mount-utils` */
const DAMAGE =
  /wrong fs type, bad option, bad superblock|can't read superblock|structure needs cleaning|'fsck' found errors on device|input\/output error/i;

/** Whether a pod waits for a volume that is damaged, and that no other pod can mount either. */
function adoptDamage(kubelet: Kubelet, pod: PodRuntime): boolean {
  const { object } = pod;
  const { message = '' } = latestEvent(kubelet, pod, ['FailedMount'], 'MountVolume.') ?? {};
  const [, volume = '', error = ''] = MOUNT_ERROR.exec(message) ?? [];
  if (!DAMAGE.test(error)) return false;
  const { namespace = '' } = object.metadata;
  const isClaimed = (object.spec?.volumes ?? []).some(({ persistentVolumeClaim }) => {
    const claim = kubelet.api.store.get(PERSISTENT_VOLUME_CLAIMS, namespace, persistentVolumeClaim?.claimName ?? '');
    return claim?.spec?.volumeName === volume;
  });
  if (isClaimed) kubelet.recorded.damagedVolumes.set(volume, error);
  return isClaimed;
}

const SANDBOX_ERROR = /\bfailed to setup network for sandbox "[^"]*": (.+)$/s;

/** Whether a pod waits for a network that its node does not give, and goes on not giving it to any pod. */
function adoptSandboxError(kubelet: Kubelet, pod: PodRuntime, hasCome: boolean): boolean {
  const isRunning = pod.containers.some(({ run }) => run !== undefined);
  if (isRunning || pod.sandboxAt !== undefined || pod.finished !== undefined) return false;
  const [, error] = SANDBOX_ERROR.exec(latestEvent(kubelet, pod, ['FailedCreatePodSandBox'])?.message ?? '') ?? [];
  if (error === undefined) return false;
  kubelet.recorded.sandboxErrors.set(pod.node.name, error);
  pod.mounted = true;
  pod.isInitialized &&= hasCome;
  return true;
}

function adoptContainer(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, status: ContainerStatus): void {
  const { state, lastState, restartCount } = status;
  container.restarts = restartCount;
  const last = lastState?.terminated === undefined ? undefined : endedOf(lastState.terminated);
  container.last = last;
  const resources = (status as { readonly resources?: ContainerRuntime['resources'] }).resources;
  if (resources !== undefined) container.resources = resources;
  if (state?.running !== undefined || (state?.terminated ?? lastState?.terminated) !== undefined)
    noteUser(kubelet, pod, container.spec);
  if (state?.terminated !== undefined) container.ended = endedOf(state.terminated);
  else if (state?.running !== undefined) adoptRun(kubelet, pod, container, status);
  else adoptWaiting(kubelet, pod, container, state?.waiting ?? {});
  recordedUsage(kubelet, pod, container);
  const { image, imageID } = status;
  // Who failed at something later than the image had it.
  const hasImage = imageID !== '' || CREATING.has(container.problem?.reason ?? '');
  if (!hasImage) return;
  if (imageID !== '') {
    container.shown = { image, imageID };
    kubelet.recorded.shownImages.set(container.spec.image ?? '', container.shown);
  }
  const reference = readImage(container.spec.image ?? '');
  const title = typeof reference === 'string' ? image : imageTitle(reference);
  if (!pod.node.images.has(title)) pod.node.images.set(title, 0);
}

function adoptRun(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, status: ContainerStatus): void {
  const { now } = kubelet.clock;
  const startedAt = Math.min(timeOf(status.state?.running?.startedAt) ?? pod.startedAt, now);
  const { spec } = container;
  const started = status.started ?? true;
  if (!started && spec.startupProbe !== undefined) note(kubelet, pod, container, { failsProbes: ['startup'] });
  else if (!status.ready && spec.readinessProbe !== undefined)
    note(kubelet, pod, container, { failsProbes: ['readiness'] });
  const { last } = container;
  if (last !== undefined && (last.reason === 'OOMKilled' || crashesOn(container, last, now)))
    note(kubelet, pod, container, crashOf(kubelet, pod, container, last));
  else if (last !== undefined && isRelapsing(container, last, now)) {
    const killed = probeKillOf(kubelet, pod, container, last);
    // When one that hangs does so again is not known closely enough.
    if (killed !== undefined && killed.hangsAfterMs === undefined) note(kubelet, pod, container, killed);
  }
  const behaviour = behaviourOf(kubelet, pod, container);
  const end = plannedEnd(kubelet, pod, container, behaviour, startedAt);
  container.run = {
    id: status.containerID ?? '',
    startedAt,
    behaviour,
    // What should be over by the clock goes on as if it had just begun.
    end: end !== undefined && end.at <= now ? plannedEnd(kubelet, pod, container, behaviour, now) : end,
    stop: undefined,
    probes: beginProbes(spec, now),
    started,
    ready: status.ready,
  };
  adoptProbes(pod, spec, container.run, now);
  if (isOutdated(kubelet, pod, spec.name, startedAt)) kubelet.recorded.forget(placeOf(kubelet, pod, container));
}

/** Whether variables that a container took when it began have other values by now, with which nobody has seen it run. */
function isOutdated({ api }: Kubelet, { object }: PodRuntime, container: string, startedAt: number): boolean {
  const { spec, metadata } = object;
  if (spec === undefined) return false;
  return configReferences(spec, metadata.namespace ?? '').some(({ kind, namespace, name, use, container: of }) => {
    if (of !== container || (use !== 'env' && use !== 'envFrom')) return false;
    const found = api.store.get(kind === 'Secret' ? SECRETS : CONFIG_MAPS, namespace, name);
    return (found?.metadata.managedFields ?? []).some(({ time }) => (timeOf(time) ?? 0) > startedAt);
  });
}

function adoptWaiting(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  { reason = 'ContainerCreating', message = '' }: { readonly reason?: string; readonly message?: string },
): void {
  const { now } = kubelet.clock;
  if (STARTING.has(reason) && container.last === undefined) return;
  container.ended = container.last;
  container.last = undefined;
  if (STARTING.has(reason)) return;
  container.problem = { reason, message };
  container.retryAt = now + RETRY_MS;
  if (reason === 'ImagePullBackOff' || reason === 'ErrImagePull') adoptPull(kubelet, pod, container, reason, message);
  else if (reason === 'CreateContainerConfigError' && !isSeen(kubelet, message))
    note(kubelet, pod, container, { configError: message });
  else if (reason === 'CreateContainerError') note(kubelet, pod, container, { createError: message });
  else if (reason === 'RunContainerError') note(kubelet, pod, container, { startError: message });
  else if (reason === 'CrashLoopBackOff') adoptCrashLoop(kubelet, pod, container, message);
}

/** Whether the objects show what is wrong with a configuration, so that it goes when they change. */
function isSeen({ unread }: Kubelet, message: string): boolean {
  if (/NonRoot|non-root/.test(message)) return true;
  return / not found$|^couldn't find key /.test(message) && !unread.has('/Secret') && !unread.has('/ConfigMap');
}

function adoptCrashLoop(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, message: string): void {
  const { now } = kubelet.clock;
  const { ended } = container;
  const delayMs = durationIn(message) ?? LONGEST_DELAY_MS;
  container.crashes = { delayMs, updatedAt: ended?.startedAt === 0 ? ended.finishedAt : (ended?.startedAt ?? now) };
  container.retryAt = Math.max(now + RETRY_MS, (ended?.finishedAt ?? now) + delayMs);
  if (ended !== undefined) note(kubelet, pod, container, crashOf(kubelet, pod, container, ended));
}

/** So long after a crash, and as long as it ran before, a program that crashed several times will do so again. */
const RELAPSE_MS = 2 * LONGEST_DELAY_MS;

/** Whether a program that runs at the moment is between two crashes. One that its probe has killed is killed by it again, if at all. */
function crashesOn(container: ContainerRuntime, last: Ended, now: number): boolean {
  const { livenessProbe, startupProbe } = container.spec;
  const wasKilled = last.exitCode === 137 || last.exitCode === 143;
  if (last.exitCode === 0 || (wasKilled && (livenessProbe ?? startupProbe) !== undefined)) return false;
  return isRelapsing(container, last, now);
}

/** Whether what ended time and again did so not long ago. */
function isRelapsing({ restarts }: ContainerRuntime, last: Ended, now: number): boolean {
  if (last.startedAt === 0 || restarts < 2) return false;
  return now - last.finishedAt <= RELAPSE_MS + (last.finishedAt - last.startedAt);
}

/** How registries say that they want to know who asks. */
const REFUSED =
  /unauthorized|authorization failed|authentication required|\bdenied\b|no basic auth credentials|\b403 Forbidden/i;

function adoptPull(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  reason: string,
  message: string,
): void {
  const { now } = kubelet.clock;
  const { image = '' } = container.spec;
  const prefix = `Back-off pulling image "${image}": `;
  const told =
    reason === 'ErrImagePull'
      ? `ErrImagePull: ${message}`
      : message.startsWith(prefix)
        ? message.slice(prefix.length)
        : '';
  const failed = latestEvent(kubelet, pod, ['Failed'], `Failed to pull image "${image}": `);
  const error =
    /^ErrImagePull: (.*)$/s.exec(told)?.[1] ??
    (told !== '' ? told : failed?.message?.slice(`Failed to pull image "${image}": `.length)) ??
    `failed to resolve reference "${image}": not found`;
  const { present, missing } = pullSecretsOf(kubelet, pod);
  kubelet.recorded.notePull(image, error, present.length + missing.length === 0 && REFUSED.test(error));
  if (present.length === 0 && missing.length > 0 && REFUSED.test(error)) kubelet.recorded.locked.add(image);
  container.pulls = { delayMs: LONGEST_DELAY_MS / 2, updatedAt: now, text: told };
  container.retryAt = reason === 'ErrImagePull' ? now + 1000 : now + FIRST_DELAY_MS + LONGEST_DELAY_MS / 2;
}

function note(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, behaviour: ContainerBehaviour): void {
  kubelet.recorded.note(placeOf(kubelet, pod, container), recordedProgram(kubelet, pod, container.spec), behaviour);
}

function endedOf({ containerID = '', startedAt, finishedAt, exitCode, reason = '', message }: Terminated): Ended {
  const finished = timeOf(finishedAt) ?? 0;
  return {
    id: containerID,
    startedAt: timeOf(startedAt) ?? finished,
    finishedAt: finished,
    exitCode,
    reason,
    ...(message === undefined ? {} : { message }),
  };
}

function latestEvent(
  kubelet: Kubelet,
  { object }: PodRuntime,
  reasons: readonly string[],
  prefix = '',
): Event | undefined {
  let latest: Event | undefined;
  for (const event of kubelet.api.store.list(EVENTS, object.metadata.namespace ?? ''))
    if (
      event.involvedObject?.name === object.metadata.name &&
      reasons.includes(event.reason ?? '') &&
      (event.message ?? '').startsWith(prefix) &&
      (latest === undefined || (event.lastTimestamp ?? '') >= (latest.lastTimestamp ?? ''))
    )
      latest = event;
  return latest;
}

/** Milliseconds of `back-off 2m40s restarting …`. */
function durationIn(message: string): number | undefined {
  const match = /^back-off (?:(\d+)m)?(?:(\d+)s)? /.exec(message);
  if (match === null) return undefined;
  return (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 1000;
}

function timeOf(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}
