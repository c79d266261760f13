/**
 * What must be there before a container can be created: the objects that its environment names, and a user that it may run as.
 * Source: `pkg/kubelet/kubelet_pods.go`, `makeEnvironmentVariables`; `kuberuntime/security_context.go`, `verifyRunAsNonRoot`
 */
import type { Container } from '../../model/kinds.ts';
import { CONFIG_MAPS, SECRETS } from '../api/built-in-types.ts';
import { podTitle, type ContainerRuntime, type Kubelet, type PodRuntime, type Problem } from './pod-runtime.ts';

type EnvVar = NonNullable<Container['env']>[number];
type Kind = 'ConfigMap' | 'Secret';

/** Why a container cannot be created as it is meant; `undefined` when it can. */
export function configProblem(kubelet: Kubelet, pod: PodRuntime, { spec }: ContainerRuntime): Problem | undefined {
  const message = envProblem(kubelet, pod, spec) ?? userProblem(kubelet, pod, spec);
  return message === undefined ? undefined : { reason: 'CreateContainerConfigError', message };
}

function envProblem(kubelet: Kubelet, pod: PodRuntime, { envFrom = [], env = [] }: Container): string | undefined {
  for (const { configMapRef, secretRef } of envFrom) {
    const [kind, reference] =
      configMapRef === undefined ? ['Secret' as Kind, secretRef] : ['ConfigMap' as Kind, configMapRef];
    if (reference === undefined || reference.optional === true) continue;
    if (isAbsent(kubelet, kind, dataOf(kubelet, pod, kind, reference.name ?? '')))
      return absent(kind, reference.name ?? '');
  }
  for (const one of env) {
    const problem = keyProblem(kubelet, pod, one);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function keyProblem(kubelet: Kubelet, pod: PodRuntime, { valueFrom }: EnvVar): string | undefined {
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  const [kind, reference] =
    configMapKeyRef === undefined ? ['Secret' as Kind, secretKeyRef] : ['ConfigMap' as Kind, configMapKeyRef];
  if (reference === undefined || reference.optional === true) return undefined;
  const { name = '', key } = reference;
  const data = dataOf(kubelet, pod, kind, name);
  if (isAbsent(kubelet, kind, data)) return absent(kind, name);
  return data === undefined || key in data
    ? undefined
    : `couldn't find key ${key} in ${kind} ${pod.object.metadata.namespace ?? ''}/${name}`;
}

function absent(kind: Kind, name: string): string {
  return `${kind.toLowerCase()} "${name}" not found`;
}

/** The object is not there, and a recorded cluster would have shown it. */
export function isAbsent({ unread }: Kubelet, kind: Kind, data: object | undefined): boolean {
  return data === undefined && !unread.has(`/${kind}`);
}

/** Keys and values of a ConfigMap or Secret in the pod's namespace (values of Secrets in base64); `undefined` without the object. */
export function dataOf(
  { api: { store } }: Kubelet,
  { object: { metadata } }: PodRuntime,
  kind: Kind,
  name: string,
): Readonly<Record<string, string>> | undefined {
  const namespace = metadata.namespace ?? '';
  if (kind === 'Secret') {
    const secret = store.get(SECRETS, namespace, name);
    return secret && (secret.data ?? {});
  }
  const map = store.get(CONFIG_MAPS, namespace, name);
  return map && { ...map.data, ...map.binaryData };
}

type Secured = Pick<Container, 'securityContext'>;

function isRootless({ object }: PodRuntime, { securityContext }: Secured): boolean {
  return (securityContext?.runAsNonRoot ?? object.spec?.securityContext?.runAsNonRoot) === true;
}

function userAsked({ object }: PodRuntime, { securityContext }: Secured): number | undefined {
  return securityContext?.runAsUser ?? object.spec?.securityContext?.runAsUser;
}

/** What a container that ran tells of its image: one that may not be root, and that no user was chosen for, has one of its own. */
export function noteUser(kubelet: Kubelet, pod: PodRuntime, spec: Container): void {
  if (isRootless(pod, spec) && userAsked(pod, spec) === undefined)
    kubelet.recorded.rootless.add(repositoryOf(spec.image ?? ''));
}

/** An image without its tag and digest. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

function userProblem(kubelet: Kubelet, pod: PodRuntime, container: Container): string | undefined {
  const { name, image = '' } = container;
  if (!isRootless(pod, container)) return undefined;
  const where = `(pod: "${podTitle(pod)}", container: ${name})`;
  const asked = userAsked(pod, container);
  if (asked !== undefined) return asked === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  const { user: known = '' } = kubelet.behaviours.image(image);
  const user = known.split(':')[0] as string;
  if (user === '' && kubelet.recorded.rootless.has(repositoryOf(image))) return undefined;
  if (user === '' || user === '0') return `container has runAsNonRoot and image will run as root ${where}`;
  return /^\d+$/.test(user)
    ? undefined
    : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`;
}

/** Value of an environment variable as a container gets it. References between variables are not followed. */
export function envValue(
  kubelet: Kubelet,
  pod: PodRuntime,
  { env = [], envFrom = [] }: Container,
  name: string,
): string | undefined {
  const own = env.findLast((one) => one.name === name);
  if (own !== undefined) return own.value ?? sourcedValue(kubelet, pod, own);
  for (const { configMapRef, secretRef, prefix = '' } of [...envFrom].reverse()) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const value =
      configMapRef === undefined
        ? valueOf(kubelet, pod, 'Secret', secretRef?.name, key)
        : valueOf(kubelet, pod, 'ConfigMap', configMapRef.name, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

function sourcedValue(kubelet: Kubelet, pod: PodRuntime, { valueFrom }: EnvVar): string | undefined {
  const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom ?? {};
  if (configMapKeyRef !== undefined)
    return valueOf(kubelet, pod, 'ConfigMap', configMapKeyRef.name, configMapKeyRef.key);
  if (secretKeyRef !== undefined) return valueOf(kubelet, pod, 'Secret', secretKeyRef.name, secretKeyRef.key);
  const { metadata, spec } = pod.object;
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.podIP': pod.ip,
  };
  return fields[fieldRef?.fieldPath ?? ''];
}

function valueOf(
  kubelet: Kubelet,
  pod: PodRuntime,
  kind: Kind,
  name: string | undefined,
  key: string,
): string | undefined {
  const value = dataOf(kubelet, pod, kind, name ?? '')?.[key];
  return kind === 'Secret' && value !== undefined ? decoded(value) : value;
}

function decoded(base64: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
