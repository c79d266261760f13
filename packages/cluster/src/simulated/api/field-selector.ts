/**
 * Field selectors: `status.phase!=Running,spec.nodeName=a`, over the few fields that each kind lets be selected by.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/; `conversion.go` of each group in `pkg/apis`.
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest } from './api-error.ts';
import type { ResourceType } from './resource-type.ts';

/** Whether an object is selected. */
export type FieldMatch = (object: KubeObject) => boolean;

interface FieldRequirement {
  readonly field: string;
  readonly isNot: boolean;
  readonly value: string;
}

const POD_FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.podIPs',
  'status.nominatedNodeName',
];
const EVENT_FIELDS = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
  .map((field) => `involvedObject.${field}`)
  .concat('reason', 'reportingComponent', 'source', 'type');

/** Beside `metadata.name` and, for what is in one, `metadata.namespace`. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  '/Pod': POD_FIELDS,
  '/Node': ['spec.unschedulable'],
  '/Namespace': ['status.phase'],
  '/ReplicationController': ['status.replicas'],
  '/Event': EVENT_FIELDS,
  '/Secret': ['type'],
  '/Service': ['spec.clusterIP', 'spec.type'],
  'batch/Job': ['status.successful'],
  'certificates.k8s.io/CertificateSigningRequest': ['spec.signerName'],
};

/** Old names of fields. */
const ALIASES: Readonly<Record<string, string>> = { 'spec.host': 'spec.nodeName' };

/** What a field says where it does not stand in the object under its own name. */
const DERIVED: Readonly<Record<string, (object: KubeObject) => unknown>> = {
  'metadata.namespace': ({ metadata }) => metadata.namespace,
  'spec.hostNetwork': (object) => partOf(object, 'spec.hostNetwork') ?? false,
  'spec.unschedulable': (object) => partOf(object, 'spec.unschedulable') ?? false,
  'status.replicas': (object) => partOf(object, 'status.replicas') ?? 0,
  'status.successful': (object) => partOf(object, 'status.succeeded') ?? 0,
  'status.podIPs': (object) => (partOf(object, 'status.podIPs') as { ip: string }[] | undefined)?.map(({ ip }) => ip),
  source: (object) => partOf(object, 'source.component') || partOf(object, 'reportingComponent'),
};

/**
 * Reads a selector for a type; an empty one selects everything.
 * @throws ApiError 400 for fields that the kind cannot be selected by, and for text that is no selector
 */
export function parseFieldSelector(text: string, type: ResourceType): FieldMatch {
  const requirements = text
    .split(',')
    .sort()
    .filter((part) => part !== '')
    .map((part) => parsePart(part, text));
  const known = requirements.map((requirement) => ({ ...requirement, field: selectable(requirement.field, type) }));
  return (object) => known.every((requirement) => isSelected(object, requirement));
}

function parsePart(part: string, whole: string): FieldRequirement {
  for (const sign of ['!=', '==', '=']) {
    const [field = '', value = '', ...more] = part.split(sign);
    if (part.includes(sign) && more.length === 0) return { field, isNot: sign === '!=', value };
  }
  throw badRequest(`invalid selector: '${whole}'; can't understand '${part}'`);
}

function selectable(field: string, { group, kind, namespaced, isCustom, selectableFields }: ResourceType): string {
  if (field === 'metadata.name') return field;
  const more = SELECTABLE[`${group}/${kind}`];
  const isNamespaced = more === undefined && isCustom !== true ? true : namespaced;
  if (field === 'metadata.namespace' && isNamespaced) return field;
  const name = kind === 'Pod' ? (ALIASES[field] ?? field) : field;
  if ((selectableFields ?? more ?? []).includes(name)) return name;
  throw badRequest(
    more === undefined && isCustom !== true
      ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  );
}

function isSelected(object: KubeObject, { field, isNot, value }: FieldRequirement): boolean {
  const found = (DERIVED[field] ?? ((one: KubeObject) => partOf(one, field)))(object);
  const texts = Array.isArray(found) && found.length > 0 ? found.map(String) : [String(found ?? '')];
  return texts.includes(value) !== isNot;
}

function partOf(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, field) => (value as Record<string, unknown> | undefined)?.[field], object);
}
