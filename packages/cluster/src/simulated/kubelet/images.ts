/**
 * Whether a container's image is on its node, is pulled, or cannot be. Source: https://kubernetes.io/docs/concepts/containers/images/;
 * `pkg/kubelet/images/image_manager.go`
 */
import { SECRETS } from '../api/built-in-types.ts';
import { backOffEnd, FIRST_DELAY_MS, goDuration, nextBackOff } from './back-off.ts';
import { imageIdOf, imageTitle, readImage } from './image-reference.ts';
import {
  tell,
  type ContainerRuntime,
  type Kubelet,
  type NodeRuntime,
  type PodRuntime,
  type Problem,
} from './pod-runtime.ts';

/** The image is there, will be there, or stands in the way until a time. */
export type ImageOutcome =
  | { readonly is: 'present' }
  | { readonly is: 'pulling'; readonly until: number }
  | { readonly is: 'problem'; readonly problem: Problem; readonly retryAt: number };

/** Of an image whose behaviour says nothing else, in milliseconds. */
export const PULL_MS = 2000;
const SIZE_BYTES = 52_428_800;
/** Between two looks at a pod that failed to start for a reason without a delay of its own. Source: `pod_workers.go`, `backOffPeriod`. */
export const SYNC_RETRY_MS = 10_000;
/** After a failed pull the kubelet notices soon that it has to wait. */
const NOTICE_MS = 1000;

/** What Kubernetes fills in for `imagePullPolicy`. */
export function pullPolicyOf({ image = '', imagePullPolicy }: ContainerRuntime['spec']): string {
  if (imagePullPolicy !== undefined) return imagePullPolicy;
  const reference = readImage(image);
  return typeof reference !== 'string' && reference.tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/** Looks for a container's image, and begins to pull it where needed. Tells the events. */
export function ensureImage(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): ImageOutcome {
  const { image = '' } = container.spec;
  const reference = readImage(image);
  if (typeof reference === 'string') return invalidName(kubelet, pod, container, reference);
  const policy = pullPolicyOf(container.spec);
  const isPresent = isOnNode(pod.node, imageTitle(reference));
  if (isPresent && policy !== 'Always') {
    tell(kubelet, pod, 'Normal', 'Pulled', kubelet.wording.present(image), container);
    return { is: 'present' };
  }
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    tell(kubelet, pod, 'Warning', 'ErrImageNeverPull', message, container);
    return failed(kubelet, pod, container, { reason: 'ErrImageNeverPull', message });
  }
  return pull(kubelet, pod, container);
}

/** Pulled by this kubelet, or reported by the node before. */
function isOnNode({ images, object }: NodeRuntime, title: string): boolean {
  return images.has(title) || object?.status?.images?.some(({ names }) => names?.includes(title)) === true;
}

function pull(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): ImageOutcome {
  const { image = '' } = container.spec;
  const { now } = kubelet.clock;
  const { pulls } = container;
  const waitsUntil = pulls === undefined ? now : backOffEnd(pulls, pulls.updatedAt);
  if (waitsUntil > now) {
    tell(kubelet, pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, container);
    const message = kubelet.wording.backOffPull(image, pulls?.text ?? '');
    return failed(kubelet, pod, container, { reason: 'ImagePullBackOff', message }, waitsUntil);
  }
  tellMissingSecrets(kubelet, pod);
  tell(kubelet, pod, 'Normal', 'Pulling', `Pulling image "${image}"`, container);
  return { is: 'pulling', until: now + (kubelet.behaviours.image(image).pullMs ?? PULL_MS) };
}

/** What came of a pull that began at `since`; `undefined` when the image is there now. */
export function finishPull(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  since: number,
): { readonly problem: Problem; readonly retryAt: number } | undefined {
  const { image = '' } = container.spec;
  const { now } = kubelet.clock;
  const { sizeBytes = SIZE_BYTES } = kubelet.behaviours.image(image);
  const error = pullErrorOf(kubelet, pod, image);
  if (error !== undefined) {
    tell(kubelet, pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`, container);
    const problem = pullProblem(image, error);
    container.pulls = { ...nextBackOff(container.pulls, now, now), text: `${problem.reason}: ${problem.message}` };
    return failed(kubelet, pod, container, problem, now + Math.min(NOTICE_MS, FIRST_DELAY_MS));
  }
  container.pulls = undefined;
  const took = goDuration(now - since);
  const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${sizeBytes} bytes.`;
  tell(kubelet, pod, 'Normal', 'Pulled', message, container);
  const reference = readImage(image);
  if (typeof reference !== 'string') pod.node.images.set(imageTitle(reference), sizeBytes);
  return undefined;
}

function pullErrorOf(kubelet: Kubelet, pod: PodRuntime, image: string): string | undefined {
  const behaviour = kubelet.behaviours.image(image);
  const { needsSecret = false } = behaviour;
  if (behaviour.pullError !== undefined) return behaviour.pullError;
  const isLocked = needsSecret || kubelet.recorded.locked.has(image);
  if (isLocked && pullSecretsOf(kubelet, pod).present.length > 0) return undefined;
  const pullError = kubelet.recorded.pullErrorOf(image);
  if (pullError !== undefined || !needsSecret) return pullError;
  const reference = readImage(image);
  const title = typeof reference === 'string' ? image : imageTitle(reference);
  return (
    `failed to pull and unpack image "${title}": failed to resolve reference "${title}": pull access denied, ` +
    'repository does not exist or may require authorization: authorization failed: no basic auth credentials'
  );
}

/** The runtime names two kinds of failure itself. Source: `evalCRIPullErr`. */
function pullProblem(image: string, error: string): Problem {
  for (const [reason, text] of [
    ['RegistryUnavailable', 'the registry is unavailable'],
    ['SignatureValidationFailed', 'the signature validation failed'],
  ] as const)
    if (error.startsWith(reason))
      return { reason, message: `image pull failed for ${image} because ${text}${error.slice(reason.length)}` };
  return { reason: 'ErrImagePull', message: error };
}

/** Every problem is told once more with its reason. */
function failed(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  problem: Problem,
  retryAt = kubelet.clock.now + SYNC_RETRY_MS,
): { readonly is: 'problem'; readonly problem: Problem; readonly retryAt: number } {
  tell(kubelet, pod, 'Warning', 'Failed', `Error: ${problem.reason}`, container);
  return { is: 'problem', problem, retryAt };
}

function invalidName(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, why: string): ImageOutcome {
  const { image = '' } = container.spec;
  const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`;
  tell(kubelet, pod, 'Warning', 'InspectFailed', message, container);
  return failed(kubelet, pod, container, { reason: 'InvalidImageName', message });
}

function tellMissingSecrets(kubelet: Kubelet, pod: PodRuntime): void {
  const { missing } = pullSecretsOf(kubelet, pod);
  if (missing.length === 0) return;
  const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
  tell(kubelet, pod, 'Warning', 'FailedToRetrieveImagePullSecret', message);
}

/** Pull secrets of a pod by whether they are there. */
export function pullSecretsOf(kubelet: Kubelet, { object: { metadata, spec } }: PodRuntime) {
  const names = (spec?.imagePullSecrets ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  const isThere = (name: string) => kubelet.api.store.get(SECRETS, metadata.namespace ?? '', name) !== undefined;
  return { present: names.filter(isThere), missing: names.filter((name) => !isThere(name)) };
}

/** What statuses show of an image that runs. */
export function shownImage(image: string): { readonly image: string; readonly imageID: string } {
  const reference = readImage(image);
  if (typeof reference === 'string') return { image, imageID: '' };
  return { image: imageTitle(reference), imageID: imageIdOf(reference) };
}
