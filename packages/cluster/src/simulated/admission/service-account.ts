/**
 * Every pod runs as a ServiceAccount that is there, and finds its token mounted.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#serviceaccount
 */
import type { Container, KindMap, Pod, PodSpec } from '../../model/kinds.ts';
import { NAMESPACES, SERVICE_ACCOUNTS } from '../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import { drawName } from '../clock/random.ts';
import type { AdmissionContext } from './admission-context.ts';
import { isNewPod } from './pod-admission.ts';
import { forbiddenEarly } from './refusal.ts';

type ServiceAccount = KindMap['ServiceAccount'];
type Volume = NonNullable<PodSpec['volumes']>[number];

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** So long the real plugin asks again for the default account of a namespace before it refuses. */
const PATIENCE_MS = 2000;

/** One for all pods: nobody changes it. */
const TOKEN: NonNullable<Volume['projected']> = {
  defaultMode: 0o644,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
    {
      downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] },
    },
  ],
};

export function serviceAccount(context: AdmissionContext): AdmissionPlugin {
  const random = context.random.fork('service-account');
  return {
    name: 'ServiceAccount',
    mutate(admission) {
      const pod = admission.object as Pod;
      if (!isNewPod(admission) || pod.spec === undefined) return pod;
      if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return mirrored(admission, pod);
      const name = named(pod.spec);
      const account = accountOf(context, admission, name);
      const spec = { ...pod.spec, serviceAccountName: name, serviceAccount: name };
      const secrets = account?.imagePullSecrets ?? [];
      const isPulling = (spec.imagePullSecrets ?? []).length > 0 || secrets.length === 0;
      const pulling = isPulling ? spec : { ...spec, imagePullSecrets: secrets };
      const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true;
      return {
        ...pod,
        spec: mounts ? withToken(pulling, () => `kube-api-access-${drawName(random)}`) : pulling,
      } as Pod;
    },
  };
}

function named({ serviceAccountName }: PodSpec): string {
  return serviceAccountName === undefined || serviceAccountName === '' ? 'default' : serviceAccountName;
}

function mirrored(admission: Admission, pod: Pod): Pod {
  if ((pod.spec?.serviceAccountName ?? '') !== '')
    throw forbiddenEarly(admission, 'a mirror pod may not reference service accounts');
  return pod;
}

function accountOf(context: AdmissionContext, admission: Admission, name: string): ServiceAccount | undefined {
  const { namespace } = admission;
  const account = context.store.get(SERVICE_ACCOUNTS, namespace, name);
  if (account !== undefined || context.unread.has('/ServiceAccount')) return account;
  if (name === 'default' && isYoung(context, namespace)) return undefined;
  throw forbiddenEarly(
    admission,
    `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
  );
}

function isYoung({ store, clock }: AdmissionContext, namespace: string): boolean {
  const since = store.get(NAMESPACES, '', namespace)?.metadata.creationTimestamp;
  return since !== undefined && clock.now - Date.parse(since) < PATIENCE_MS;
}

/** Containers that have something of their own at the token's place keep it. */
function withToken(spec: PodSpec, draw: () => string): PodSpec {
  const known = spec.volumes?.find(
    ({ name, projected }) => name.startsWith('kube-api-access-') && projected !== undefined,
  );
  const name = known?.name ?? draw();
  const mount = { mountPath: TOKEN_PATH, name, readOnly: true };
  let isNeeded = false;
  const mounted = (containers: readonly Container[] | undefined) =>
    containers?.map((container) => {
      const mounts = container.volumeMounts ?? [];
      if (mounts.some(({ mountPath }) => mountPath === TOKEN_PATH)) return container;
      isNeeded = true;
      return { ...container, volumeMounts: [...mounts, mount] };
    });
  const initContainers = mounted(spec.initContainers);
  const containers = mounted(spec.containers) ?? [];
  if (!isNeeded) return spec;
  const volumes = known === undefined ? [...(spec.volumes ?? []), { name, projected: TOKEN }] : (spec.volumes ?? []);
  return { ...spec, containers, volumes, ...(initContainers === undefined ? {} : { initContainers }) };
}
