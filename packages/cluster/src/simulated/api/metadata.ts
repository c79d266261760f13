/**
 * What holds for the metadata of all kinds: names, labels, owners, finalizers, and what nobody can change.
 * Source: `k8s.io/apimachinery/pkg/api/validation`, the strategies in `pkg/registry`
 */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { sameJson } from '../../snapshot/diff.ts';
import type { FieldError } from './api-error.ts';
import { FOREGROUND, ORPHAN } from './deletion.ts';
import {
  dns1035LabelErrors,
  dnsLabelErrors,
  dnsSubdomainErrors,
  labelValueErrors,
  pathSegmentErrors,
  qualifiedNameErrors,
  type TextRule,
} from './names.ts';
import { kindKey, type ResourceType } from './resource-type.ts';

/** All others are named by an RFC 1123 subdomain. */
const NAME_RULES: Readonly<Record<string, TextRule>> = {
  '/Namespace': dnsLabelErrors,
  '/Service': dns1035LabelErrors,
  'rbac.authorization.k8s.io/Role': pathSegmentErrors,
  'rbac.authorization.k8s.io/RoleBinding': pathSegmentErrors,
  'rbac.authorization.k8s.io/ClusterRole': pathSegmentErrors,
  'rbac.authorization.k8s.io/ClusterRoleBinding': pathSegmentErrors,
  'apiregistration.k8s.io/APIService': pathSegmentErrors,
};

const MOST_ANNOTATION_BYTES = 262_144;

/** What is wrong with the metadata of a new object. */
export function metadataErrors(type: ResourceType, metadata: ObjectMeta): readonly FieldError[] {
  return [...nameErrors(NAME_RULES[kindKey(type)] ?? dnsSubdomainErrors, metadata), ...contentErrors(metadata)];
}

/** What is wrong with changed metadata; what nobody can change is kept before. */
export function metadataUpdateErrors(metadata: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  return [...newFinalizerErrors(metadata, previous), ...contentErrors(metadata, previous)];
}

function nameErrors(rule: TextRule, { name, generateName }: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = [];
  // What is generated is appended to a dash mostly; a dash at the end of the prefix is fine.
  const prefix = generateName?.replace(/.-$/, 'a') ?? '';
  for (const detail of prefix === '' ? [] : rule(prefix))
    errors.push({ type: 'FieldValueInvalid', field: 'metadata.generateName', value: generateName, detail });
  if (name === '')
    errors.push({ type: 'FieldValueRequired', field: 'metadata.name', detail: 'name or generateName is required' });
  else
    for (const detail of rule(name))
      errors.push({ type: 'FieldValueInvalid', field: 'metadata.name', value: name, detail });
  return errors;
}

/** Parts that did not change are not looked at again. */
function contentErrors(metadata: ObjectMeta, previous?: ObjectMeta): readonly FieldError[] {
  const isNew = (field: keyof ObjectMeta) => metadata[field] !== undefined && metadata[field] !== previous?.[field];
  return [
    ...(isNew('labels') ? labelErrors(metadata.labels ?? {}) : []),
    ...(isNew('annotations') ? annotationErrors(metadata.annotations ?? {}) : []),
    ...(isNew('ownerReferences') ? ownerErrors(metadata.ownerReferences ?? []) : []),
    ...(isNew('finalizers') ? finalizerErrors(metadata.finalizers ?? []) : []),
  ];
}

function labelErrors(labels: Readonly<Record<string, string>>): readonly FieldError[] {
  const field = 'metadata.labels';
  return Object.entries(labels).flatMap(([key, value]) => [
    ...invalidEach(field, key, qualifiedNameErrors(key)),
    ...invalidEach(field, value, labelValueErrors(value)),
  ]);
}

function annotationErrors(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const field = 'metadata.annotations';
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) bytes += key.length + value.length;
  const names = Object.keys(annotations).flatMap((key) =>
    invalidEach(field, key, qualifiedNameErrors(key.toLowerCase())),
  );
  return bytes <= MOST_ANNOTATION_BYTES
    ? names
    : [...names, { type: 'FieldValueTooLong', field, detail: `may not be more than ${MOST_ANNOTATION_BYTES} bytes` }];
}

type OwnerReferences = NonNullable<ObjectMeta['ownerReferences']>;

function ownerErrors(owners: OwnerReferences): readonly FieldError[] {
  const field = 'metadata.ownerReferences';
  const controllers = owners.filter(({ controller }) => controller === true).map(({ kind, name }) => `${kind}/${name}`);
  return [
    ...owners.flatMap((owner) => [
      ...(['apiVersion', 'kind', 'name', 'uid'] as const)
        .filter((part) => ((owner[part] as string | undefined) ?? '') === '')
        .map((part) =>
          invalidOne(`${field}.${part}`, '', part === 'apiVersion' ? 'version must not be empty' : 'must not be empty'),
        ),
      ...(owner.apiVersion === 'v1' && owner.kind === 'Event'
        ? [invalidOne(field, owner, '/v1, Kind=Event is disallowed from being an owner')]
        : []),
    ]),
    ...controllers
      .slice(1)
      .map((another) =>
        invalidOne(
          field,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0] ?? ''} and ${another}`,
        ),
      ),
  ];
}

function finalizerErrors(finalizers: readonly string[]): readonly FieldError[] {
  const field = 'metadata.finalizers';
  const errors = finalizers.flatMap((finalizer) => invalidEach(field, finalizer, qualifiedNameErrors(finalizer)));
  return finalizers.includes(ORPHAN) && finalizers.includes(FOREGROUND)
    ? [...errors, invalidOne(field, finalizers, `finalizer ${ORPHAN} and ${FOREGROUND} cannot be both set`)]
    : errors;
}

function newFinalizerErrors({ finalizers = [] }: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  if (previous.deletionTimestamp === undefined) return [];
  const added = finalizers.filter((finalizer) => previous.finalizers?.includes(finalizer) !== true).sort();
  if (added.length === 0) return [];
  const shown = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`;
  return [{ type: 'FieldValueForbidden', field: 'metadata.finalizers', detail }];
}

function invalidEach(field: string, value: unknown, details: readonly string[]): readonly FieldError[] {
  return details.map((detail) => invalidOne(field, value, detail));
}

function invalidOne(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, value, detail };
}

const FIXED = [
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generateName',
] as const;

/** Metadata that clients cannot change stays as it was. */
export function keptMetadata(wanted: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  const kept: Record<string, unknown> = { ...wanted };
  for (const field of FIXED)
    if (previous[field] === undefined) Reflect.deleteProperty(kept, field);
    else kept[field] = previous[field];
  return tidyMetadata(kept as unknown as ObjectMeta);
}

/** Lists and maps without entries are not written. */
export function tidyMetadata(metadata: ObjectMeta): ObjectMeta {
  const isEmpty = (value: unknown) =>
    value === null || (typeof value === 'object' && Object.keys(value as object).length === 0);
  const names = ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const;
  const empty = names.filter((name) => metadata[name] !== undefined && isEmpty(metadata[name]));
  if (empty.length === 0) return metadata;
  return Object.fromEntries(
    Object.entries(metadata).filter(([name]) => !empty.includes(name as never)),
  ) as unknown as ObjectMeta;
}

/** Kinds of Kubernetes whose versions nobody counts. */
const WITHOUT_GENERATION: ReadonlySet<string> = new Set([
  ...['Namespace', 'Node', 'Service', 'Endpoints', 'Event', 'ConfigMap', 'Secret', 'ServiceAccount'].map(core),
  ...['PersistentVolume', 'PersistentVolumeClaim', 'ResourceQuota', 'LimitRange'].map(core),
  'apps/ControllerRevision',
  'apiregistration.k8s.io/APIService',
  'autoscaling/HorizontalPodAutoscaler',
  'coordination.k8s.io/Lease',
  'node.k8s.io/RuntimeClass',
  ...['StorageClass', 'CSINode', 'CSIDriver', 'CSIStorageCapacity', 'VolumeAttachment'].map(storage),
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => `rbac.authorization.k8s.io/${kind}`),
  ...['PodMetrics', 'NodeMetrics'].map((kind) => `metrics.k8s.io/${kind}`),
]);

/** Metadata that counts as wanted too. */
const COUNTED_METADATA: Readonly<Record<string, 'annotations' | 'labels'>> = {
  'apps/Deployment': 'annotations',
  'discovery.k8s.io/EndpointSlice': 'labels',
};

function core(kind: string): string {
  return `/${kind}`;
}

function storage(kind: string): string {
  return `storage.k8s.io/${kind}`;
}

/** Whether versions of what is wanted are counted, in `metadata.generation`. */
export function hasGeneration(type: ResourceType): boolean {
  return !WITHOUT_GENERATION.has(kindKey(type));
}

/** Counts a version where what is wanted changes; metadata mostly is not wanted. */
export function withGeneration<T extends KubeObject>(type: ResourceType, object: T, previous: T): T {
  if (!hasGeneration(type)) return object;
  const counted = COUNTED_METADATA[kindKey(type)];
  const isNew =
    !sameContent(object, previous, type.subresources.includes('status')) ||
    (counted !== undefined && !sameJson(object.metadata[counted] ?? {}, previous.metadata[counted] ?? {}));
  if (!isNew) return object;
  return { ...object, metadata: { ...object.metadata, generation: (previous.metadata.generation ?? 0) + 1 } };
}

/** Everything that somebody may want: not the envelope, and not a status that has its own subresource. */
function sameContent(object: KubeObject, previous: KubeObject, hasStatus: boolean): boolean {
  const now = object as unknown as Readonly<Record<string, unknown>>;
  const before = previous as unknown as Readonly<Record<string, unknown>>;
  for (const field of new Set([...Object.keys(now), ...Object.keys(before)])) {
    if (field === 'metadata' || field === 'apiVersion' || (field === 'status' && hasStatus)) continue;
    if (now[field] !== before[field] && !sameJson(now[field], before[field])) return false;
  }
  return true;
}
