/** The door into a snapshot: envelope, types, redaction and trimming of one raw object. */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { isNamespacedKind } from '../model/kinds.ts';
import { LAST_APPLIED, redactObject, type RedactionCounts } from './redact.ts';
import { shapeOf } from './shapes.ts';
import type { ShapeProblem } from './shape.ts';

/** What admission found wrong; `object` is empty where the thing had no name. */
export interface AdmissionProblem extends ShapeProblem {
  readonly object: string;
}

/**
 * Checks, redacts and trims one raw object **in place** (the caller gives it up) and returns it typed, or `undefined`
 * when it is no Kubernetes object. Fields of the wrong type are taken out and reported.
 */
export function admit(
  raw: unknown,
  counts: RedactionCounts,
  report: (problem: AdmissionProblem) => void,
): KubeObject | undefined {
  const { apiVersion, kind } = (raw ?? {}) as { apiVersion?: unknown; kind?: unknown };
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    report({ object: '', path: '', expected: 'object with apiVersion and kind', found: describe(raw) });
    return undefined;
  }
  const group = groupOf(apiVersion);
  if (kind === 'Event' && group === 'events.k8s.io') return admit(asCoreEvent(raw as Json), counts, report);
  const shape = shapeOf(group, kind);
  if (!shape.ok(raw)) {
    const object = `${kind} ${nameOf(raw as Json)}`;
    if (!shape.repair(raw, '', (problem) => report({ ...problem, object }))) return undefined;
  }
  if (isNamespacedKind(group, kind)) (raw as { metadata: Json }).metadata['namespace'] ??= 'default';
  redactObject(raw as Json, group, counts);
  trim(raw as Json);
  return raw as KubeObject;
}

type Json = Record<string, unknown>;

/**
 * Field ownership (`managedFields[].fieldsV1`) is often a third of an object and says nothing that diagnosis reads; who
 * wrote in which version and when is kept. The configuration that `kubectl apply` copies into an annotation goes for the same reason.
 */
function trim(object: Json): void {
  const meta = object['metadata'] as Json;
  const managed = meta['managedFields'];
  if (managed !== undefined) meta['managedFields'] = Array.isArray(managed) ? managed.map(withoutFields) : undefined;
  const annotations = meta['annotations'] as Json | undefined;
  if (annotations?.[LAST_APPLIED] !== undefined) {
    annotations[LAST_APPLIED] = undefined;
  }
}

function withoutFields(entry: unknown): unknown {
  const { manager, operation, apiVersion, time, subresource } = (entry ?? {}) as Json;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    manager: text(manager),
    operation: text(operation),
    apiVersion: text(apiVersion),
    time: text(time),
    subresource: text(subresource),
  };
}

/** `events.k8s.io/v1` in the core shape: the same stored object under other names. */
function asCoreEvent(event: Json): Json {
  const {
    note,
    regarding,
    deprecatedCount,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedSource,
    reportingController,
    ...rest
  } = event;
  return {
    ...rest,
    apiVersion: 'v1',
    message: note,
    involvedObject: regarding,
    count: deprecatedCount,
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    source: deprecatedSource,
    reportingComponent: reportingController,
  };
}

function nameOf(raw: Json): string {
  const { name, namespace } = (raw['metadata'] ?? {}) as Json;
  const own = typeof name === 'string' ? name : '(no name)';
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${own}` : own;
}

function describe(raw: unknown): string {
  if (raw === null) return 'null';
  if (Array.isArray(raw)) return 'list';
  return typeof raw === 'object' ? 'object without them' : typeof raw;
}
