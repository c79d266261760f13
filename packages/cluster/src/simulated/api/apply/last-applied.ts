/**
 * The annotation in which kubectl's client-side apply keeps what it applied, and what it means for kubectl's server-side apply.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#migration-between-client-side-and-server-side-apply
 */
import type { KubeObject } from '../../../model/kube-object.ts';
import { isFields, type Fields } from '../patch/json.ts';
import { apiVersionOf, type ResourceType } from '../resource-type.ts';
import { schemaOf } from '../schema/definitions.ts';
import { DEDUCED } from '../schema/field-schema.ts';
import { difference, union, type FieldSet } from './field-set.ts';
import { compareFields, fieldsOf } from './typed-fields.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields that client-side apply wrote and that are still so; `undefined` where nothing tells. */
export function allowedByLastApplied(live: KubeObject | undefined, type: ResourceType): FieldSet | undefined {
  const applied = parsed(live?.metadata.annotations?.[ANNOTATION]);
  if (applied === undefined || applied['apiVersion'] !== apiVersionOf(type)) return undefined;
  const schema = schemaOf(type) ?? DEDUCED;
  const { added, modified, removed } = compareFields(applied, live, schema);
  return difference(fieldsOf(applied, schema), union(union(added, modified), removed));
}

function parsed(text: string | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the annotation true where the object has one, so that client-side apply can go on from here. */
export function withLastApplied<T extends KubeObject>(object: T, configuration: Fields): T {
  const { annotations = {} } = object.metadata;
  if ((annotations[ANNOTATION] ?? '') === '') return object;
  const text = `${JSON.stringify(withoutAnnotation(configuration))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [ANNOTATION]: text } } };
}

function withoutAnnotation(configuration: Fields): Fields {
  const { metadata } = configuration;
  const annotations = isFields(metadata) ? metadata['annotations'] : undefined;
  if (!isFields(metadata) || !isFields(annotations)) return configuration;
  const others = Object.entries(annotations).filter(([name]) => name !== ANNOTATION);
  return { ...configuration, metadata: { ...metadata, annotations: Object.fromEntries(others) } };
}
