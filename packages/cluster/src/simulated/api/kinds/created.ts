/** What the API server makes of new objects beyond defaults: first statuses, generated selectors. Source: `PrepareForCreate` in `pkg/registry`. */
import { isRecord, type Json } from '../../../model/unknown-json.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { isUnset, withField } from './default-rule.ts';
import { labelsOfTemplate } from './workload-defaults.ts';

/** Makes a new object complete; `now` in epoch milliseconds. */
export type Preparation = (object: Json, now: number) => Json;

/** Makes a changed object complete. */
export type UpdatePreparation = (object: Json, previous: Json) => Json;

/** The status that objects of a kind begin with. */
export function beginWith(status: Json): Preparation {
  return (object) => ({ ...object, status });
}

/** As {@link beginWith}, with the time of the phase. */
export const persistentVolumeCreated: Preparation = (object, now) => ({
  ...object,
  status: { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) },
});

const GENERATION = 'deprecated.daemonset.template.generation';

/** Counts the versions of the template in an annotation, which old clients know as a field. */
export const daemonSetCreated: Preparation = (daemonSet) => ({
  ...withGeneration(daemonSet, 1),
  status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
});

export const daemonSetUpdated: UpdatePreparation = (daemonSet, previous) => {
  const template = ({ spec }: Json) => (spec as Json | undefined)?.['template'] ?? null;
  const isNew = !sameJson(template(daemonSet), template(previous));
  return withGeneration(daemonSet, generationOf(previous) + (isNew ? 1 : 0));
};

function generationOf({ metadata }: Json): number {
  const annotations = (metadata as Json)['annotations'] as Json | undefined;
  return Number(annotations?.[GENERATION] ?? 0);
}

function withGeneration(object: Json, generation: number): Json {
  const metadata = object['metadata'] as Json;
  const annotations = { ...(metadata['annotations'] as Json | undefined), [GENERATION]: String(generation) };
  return { ...object, metadata: { ...metadata, annotations } };
}

const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'] as const;
const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'] as const;

/** A Job selects its pods by its own uid, unless its selector is given by hand. */
export const jobCreated: Preparation = (job) => {
  const spec = job['spec'] as Json;
  const complete =
    spec['manualSelector'] === true ? job : { ...job, spec: selectingSpec(spec, job['metadata'] as Json) };
  return { ...labelsOfTemplate(complete), status: {} };
};

function selectingSpec(spec: Json, { name, uid }: Json): Json {
  const template = spec['template'] as Json;
  const metadata = template['metadata'] as Json;
  const own = [...UID_LABELS.map((label) => [label, uid]), ...NAME_LABELS.map((label) => [label, name])];
  const labels = { ...Object.fromEntries(own), ...(metadata['labels'] as Json | undefined) };
  const selector = isRecord(spec['selector']) ? spec['selector'] : {};
  const matchLabels = { [UID_LABELS[1]]: uid, ...(selector['matchLabels'] as Json | undefined) };
  return {
    ...spec,
    selector: { ...selector, matchLabels },
    template: { ...template, metadata: { ...metadata, labels } },
  };
}

export const replicationControllerCreated: Preparation = (object) => ({
  ...labelsOfTemplate(object),
  status: { replicas: 0 },
});

/** Leaves out what only one type of Service has. */
export const serviceCreated: Preparation = (service) => {
  const spec = service['spec'] as Json;
  const isBalanced = spec['type'] === 'LoadBalancer';
  const plain = isBalanced || isUnset(spec['allocateLoadBalancerNodePorts']) ? spec : withoutField(spec);
  return { ...withField(service, 'spec', plain), status: { loadBalancer: {} } };
};

function withoutField({ allocateLoadBalancerNodePorts: _, ...rest }: Json): Json {
  return rest;
}
