/**
 * What a write must know of what is there. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions;
 * `k8s.io/apiserver/pkg/{storage/interfaces.go,registry/rest/delete.go}`
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { apiError, conflict, invalid, modified } from './api-error.ts';
import type { DeleteOptions } from './request.ts';
import { kindKey, type ResourceType } from './resource-type.ts';

/** Kinds that must say which version they change; custom resources must too. Source: `AllowUnconditionalUpdate` of each strategy. */
const NEEDS_VERSION: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'coordination.k8s.io/Lease',
  'node.k8s.io/RuntimeClass',
  'policy/PodDisruptionBudget',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/CSIStorageCapacity',
  'storage.k8s.io/VolumeAttachment',
]);

/** Resources that are stored under other names than their plural. Source: `pkg/kubeapiserver/default_storage_factory_builder.go` */
const STORAGE_PATHS: Readonly<Record<string, string>> = {
  '/Endpoints': 'services/endpoints',
  '/Node': 'minions',
  '/ReplicationController': 'controllers',
  '/Service': 'services/specs',
  'networking.k8s.io/Ingress': 'ingress',
};

/** Kinds that an update makes where they are not there. Source: `AllowCreateOnUpdate` of each strategy. */
const MADE_BY_UPDATE: ReadonlySet<string> = new Set([
  '/Endpoints',
  '/Event',
  '/LimitRange',
  '/Service',
  'coordination.k8s.io/Lease',
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => `rbac.authorization.k8s.io/${kind}`),
]);

export function isMadeByUpdate(type: ResourceType, subresource = ''): boolean {
  return subresource === '' && MADE_BY_UPDATE.has(kindKey(type));
}

/** What is new has no version. @throws ApiError 500, for which the API server has no better reason */
export function checkCreation({ metadata }: KubeObject): void {
  const { resourceVersion = '' } = (metadata as Partial<KubeObject['metadata']> | undefined) ?? {};
  if (resourceVersion !== '' && resourceVersion !== '0')
    throw apiError(500, '', 'resourceVersion should not be set on objects to be created');
}

/**
 * Whether an update may replace what is there: uid and version must be those that are there, where they are given.
 * @throws ApiError 409, 422
 */
export function checkUpdate(type: ResourceType, { metadata }: KubeObject, previous: KubeObject): void {
  const { uid, resourceVersion = '0' } = metadata;
  const { uid: knownUid = '', resourceVersion: known } = previous.metadata;
  if (uid !== undefined && uid !== '' && uid !== knownUid)
    throw conflict(
      type,
      metadata.name,
      `StorageError: invalid object, Code: 4, Key: ${storageKey(type, previous)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${knownUid}`,
    );
  const isGiven = resourceVersion !== '' && resourceVersion !== '0';
  if (isGiven && resourceVersion !== known) throw modified(type, metadata.name);
  if (isGiven || !(type.isCustom === true || NEEDS_VERSION.has(kindKey(type)))) return;
  const detail = 'must be specified for an update';
  throw invalid({ ...type, kind: type.plural }, metadata.name, [
    { type: 'FieldValueInvalid', field: 'metadata.resourceVersion', value: 0, detail },
  ]);
}

/** Whether a deletion means what is there. @throws ApiError 409 */
export function checkDeletion(type: ResourceType, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  // The kind stands where other conflicts have the plural.
  const about = { ...type, plural: type.kind };
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      about,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      about,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`,
    );
}

/** Where etcd has an object. */
function storageKey(type: ResourceType, { metadata: { namespace, name } }: KubeObject): string {
  const plural =
    STORAGE_PATHS[kindKey(type)] ?? (type.isCustom === true ? `${type.group}/${type.plural}` : type.plural);
  return ['/registry', plural, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}
