/** Resources that are served in a second shape beside the one in which they are kept. */
import type { KubeObject } from '../../model/kube-object.ts';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { EVENTS, HORIZONTAL_POD_AUTOSCALERS } from '../api/built-in-types.ts';
import { resourceType } from '../api/resource-type.ts';
import type { Served } from './call.ts';

type Fields = Record<string, unknown>;

/** Names of fields of `events.k8s.io/v1` by those of the core group. Source: `pkg/apis/core/v1` conversions. */
const EVENT_FIELDS: Readonly<Record<string, string>> = {
  message: 'note',
  involvedObject: 'regarding',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const CORE_EVENT_FIELDS = Object.fromEntries(Object.entries(EVENT_FIELDS).map(([core, other]) => [other, core]));

const EVENTS_VIEW: Served = {
  type: resourceType('events.k8s.io/v1', 'Event', 'events', { shortNames: ['ev'], subresources: [] }),
  stored: EVENTS,
  toServed: (object) => renamed(object, EVENT_FIELDS, 'events.k8s.io/v1'),
  toStored: (object) => renamed(object, CORE_EVENT_FIELDS, 'v1'),
};

function renamed(object: KubeObject, names: Readonly<Record<string, string>>, apiVersion: string): KubeObject {
  const entries = Object.entries(object).map(([field, value]) => [names[field] ?? field, value] as const);
  return { ...Object.fromEntries(entries), apiVersion } as unknown as KubeObject;
}

/** Where `autoscaling/v1` has what it has no field for. */
const OTHER_METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';

const AUTOSCALERS_VIEW: Served = {
  type: resourceType('autoscaling/v1', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    categories: ['all'],
    shortNames: ['hpa'],
  }),
  stored: HORIZONTAL_POD_AUTOSCALERS,
  toServed: (object) => {
    const { metrics = [], behavior, ...spec } = fieldsOf(object, 'spec');
    const { currentMetrics = [], ...status } = fieldsOf(object, 'status');
    delete status['conditions'];
    const [cpu, others] = apart(metrics);
    const [currentCpu] = apart(currentMetrics);
    const target = utilisation(cpu, 'target');
    const current = utilisation(currentCpu, 'current');
    const annotations = {
      ...object.metadata.annotations,
      ...(others.length > 0 && { [OTHER_METRICS]: JSON.stringify(others) }),
      ...(behavior !== undefined && { [BEHAVIOR]: JSON.stringify(behavior) }),
    };
    return {
      apiVersion: 'autoscaling/v1',
      kind: object.kind,
      metadata: { ...object.metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: { ...spec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
      status: { ...status, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
    } as unknown as KubeObject;
  },
  toStored: (object) => {
    const { targetCPUUtilizationPercentage: target, ...spec } = fieldsOf(object, 'spec');
    const { [OTHER_METRICS]: others, [BEHAVIOR]: behavior, ...annotations } = object.metadata.annotations ?? {};
    const cpu = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } },
    };
    const metrics = [...parsedList(others), ...(target === undefined ? [] : [cpu])];
    const known = parsed(behavior);
    return {
      ...object,
      apiVersion: 'autoscaling/v2',
      metadata: { ...object.metadata, annotations },
      spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(known !== undefined && { behavior: known }) },
    } as unknown as KubeObject;
  },
};

function fieldsOf(object: KubeObject, field: string): Fields {
  const value = (object as unknown as Json)[field];
  return isRecord(value) ? value : {};
}

/** The CPU utilisation, and everything else. */
function apart(metrics: unknown): readonly [Json | undefined, readonly unknown[]] {
  const all = Array.isArray(metrics) ? (metrics as unknown[]) : [];
  const isCpu = (metric: unknown): metric is Json =>
    isRecord(metric) &&
    isRecord(metric['resource']) &&
    metric['resource']['name'] === 'cpu' &&
    (utilisation(metric, 'target') ?? utilisation(metric, 'current')) !== undefined;
  return [all.find(isCpu), all.filter((metric) => !isCpu(metric))];
}

function utilisation(metric: Json | undefined, field: 'target' | 'current'): unknown {
  const resource = metric?.['resource'];
  const value = isRecord(resource) ? resource[field] : undefined;
  return isRecord(value) ? value['averageUtilization'] : undefined;
}

function parsedList(text: string | undefined): readonly unknown[] {
  const value = parsed(text);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Annotations are anybody's text. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** All of them. */
export const VIEWS: readonly Served[] = [EVENTS_VIEW, AUTOSCALERS_VIEW];
