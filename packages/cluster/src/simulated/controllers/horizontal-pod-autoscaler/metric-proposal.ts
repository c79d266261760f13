/** What each metric of an autoscaler proposes, and how its status shows it. Source: `computeReplicasForMetric` in `horizontal.go` */
import { amountText } from '../../../model/amount.ts';
import type { Pod } from '../../../model/kinds.ts';
import type { MetricQuestion } from '../../kubelet/behaviour.ts';
import { requestsOf, resourceSamples, thousandths, type PodMetricsReader } from './metric-source.ts';
import {
  countByAverage,
  countByShare,
  countByUtilization,
  countByValue,
  type Count,
  type Counting,
  type PodSample,
} from './replica-count.ts';
import type { Autoscaler } from './scaling-limits.ts';

type Metric = NonNullable<NonNullable<Autoscaler['spec']>['metrics']>[number];
type MetricStatus = NonNullable<NonNullable<Autoscaler['status']>['currentMetrics']>[number];
type Target = NonNullable<Metric['resource']>['target'];

/** A proposal, or why there is none. */
export type Proposal =
  | { readonly replicas: number; readonly name: string; readonly status: MetricStatus }
  /** `error` as events say it, `summary` as it is said of all metrics together. */
  | { readonly reason: string; readonly error: string; readonly summary: string };

/** What proposals are made from. */
export interface Asking extends Counting {
  readonly podMetrics: PodMetricsReader;
  /** Why the metrics API does not answer. */
  readonly metricsError?: string | undefined;
  readonly namespace: string;
  readonly statusReplicas: number;
  /** Values of custom and external metrics. */
  readonly metric?: ((question: MetricQuestion) => number | undefined) | undefined;
}

const RESOURCE = 'FailedGetResourceMetric';
const CONTAINER = 'FailedGetContainerResourceMetric';
const PODS = 'FailedGetPodsMetric';
const OBJECT = 'FailedGetObjectMetric';
const EXTERNAL = 'FailedGetExternalMetric';
const NO_CUSTOM = 'no custom metrics API (custom.metrics.k8s.io) registered';

export function proposalOf(metric: Metric, asking: Asking): Proposal {
  if (metric.type === 'Resource' && metric.resource !== undefined) return byResource(metric.resource, asking);
  if (metric.type === 'ContainerResource' && metric.containerResource !== undefined)
    return byContainer(metric.containerResource, asking);
  if (metric.type === 'Pods' && metric.pods !== undefined) return byPods(metric.pods, asking);
  if (metric.type === 'Object' && metric.object !== undefined) return byObject(metric.object, asking);
  if (metric.type === 'External' && metric.external !== undefined) return byExternal(metric.external, asking);
  const error = `unknown metric source type ${JSON.stringify(metric.type)}`;
  return { reason: 'InvalidMetricSourceType', error, summary: error };
}

function byResource({ name, target }: NonNullable<Metric['resource']>, asking: Asking): Proposal {
  const counted = countResource(name, target, undefined, asking);
  const failed = { reason: RESOURCE, prefix: `failed to get ${name} resource metric value` };
  const shownName = isAverage(target) ? `${name} resource` : `${name} resource utilization (percentage of request)`;
  return proposed(counted, failed, shownName, (current) => ({ type: 'Resource', resource: { name, current } }));
}

function byContainer(source: NonNullable<Metric['containerResource']>, asking: Asking): Proposal {
  const { name, target, container } = source;
  const counted = countResource(name, target, container, asking);
  const failed = { reason: CONTAINER, prefix: `failed to get ${container} container metric value` };
  const shownName = isAverage(target)
    ? `${name} resource`
    : `${name} container resource utilization (percentage of request)`;
  return proposed(counted, failed, shownName, (current) => ({
    type: 'ContainerResource',
    containerResource: { name, container, current },
  }));
}

function countResource(name: string, target: Target, container: string | undefined, asking: Asking): Count {
  if (!isAverage(target) && target.averageUtilization === undefined)
    return 'invalid resource metric source: neither an average utilization target nor an average value target was set';
  const samples =
    asking.metricsError === undefined
      ? resourceSamples(asking.podMetrics, asking.namespace, asking.pods, name, container)
      : `unable to fetch metrics from resource metrics API: ${asking.metricsError}`;
  const counted =
    typeof samples === 'string'
      ? `unable to get metrics for resource ${name}: ${samples}`
      : isAverage(target)
        ? countByAverage(samples, thousandths(target.averageValue ?? '0'), name, asking)
        : countByUtilization(
            samples,
            () => requestsOf(asking.pods, name, container),
            target.averageUtilization ?? 0,
            name,
            asking,
          );
  return typeof counted === 'string' ? `failed to get ${name} utilization: ${counted}` : counted;
}

function byPods({ metric, target }: NonNullable<Metric['pods']>, asking: Asking): Proposal {
  const samples = new Map<string, PodSample>();
  for (const pod of asking.pods) {
    const value = asking.metric?.(questionOf(metric, asking, { kind: 'Pod', name: nameOf(pod) }));
    if (value !== undefined) samples.set(nameOf(pod), { value: value * 1000, at: asking.now, windowMs: 60_000 });
  }
  const counted =
    samples.size === 0
      ? `unable to get metric ${metric.name}: ${asking.metric === undefined ? NO_CUSTOM : 'no metrics returned from custom metrics API'}`
      : countByAverage(samples, thousandths(target.averageValue ?? '0'), '', asking);
  const failed = { reason: PODS, prefix: 'failed to get pods metric value' };
  return proposed(counted, failed, `pods metric ${metric.name}`, (current) => ({
    type: 'Pods',
    pods: { metric, current },
  }));
}

function byObject(source: NonNullable<Metric['object']>, asking: Asking): Proposal {
  const { metric, target, describedObject } = source;
  const { kind, name } = describedObject;
  const value = asking.metric?.(questionOf(metric, asking, { kind, name }));
  const counted =
    value === undefined
      ? `unable to get metric ${metric.name}: ${kind} on ${asking.namespace} ${name}/${NO_CUSTOM}`
      : countOne(value * 1000, target, asking);
  const failed = { reason: OBJECT, prefix: 'failed to get object metric value' };
  return proposed(counted, failed, `${kind} metric ${metric.name}`, (current) => ({
    type: 'Object',
    object: { describedObject, metric, current },
  }));
}

function byExternal({ metric, target }: NonNullable<Metric['external']>, asking: Asking): Proposal {
  const value = asking.metric?.(questionOf(metric, asking, undefined));
  const { namespace } = asking;
  const counted =
    value === undefined
      ? `unable to get external metric ${namespace}/${metric.name}/${selectorText(metric.selector)}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric.name}.external.metrics.k8s.io)`
      : countOne(value * 1000, target, asking);
  const failed = { reason: EXTERNAL, prefix: `failed to get ${metric.name} external metric value` };
  const shownName = `external metric ${metric.name}(${selectorText(metric.selector)})`;
  return proposed(counted, failed, shownName, (current) => ({ type: 'External', external: { metric, current } }));
}

function countOne(usage: number, target: Target, asking: Asking): Count {
  if (isAverage(target))
    return countByShare(usage, thousandths(target.averageValue ?? '0'), asking.statusReplicas, asking.tolerance);
  return countByValue(usage, thousandths(target.value ?? '0'), asking);
}

function proposed(
  counted: Count,
  { reason, prefix }: { readonly reason: string; readonly prefix: string },
  name: string,
  statusWith: (current: NonNullable<MetricStatus['resource']>['current']) => MetricStatus,
): Proposal {
  if (typeof counted === 'string') return { reason, error: counted, summary: `${prefix}: ${counted}` };
  const { replicas, usage, utilization } = counted;
  const isWhole = name.includes(' metric ') && !name.startsWith('pods');
  const amount = decimal(usage);
  const current =
    utilization === undefined
      ? isWhole
        ? { value: amount }
        : { averageValue: amount }
      : { averageUtilization: utilization, averageValue: amount };
  return { replicas, name, status: statusWith(current) };
}

function questionOf(
  { name, selector }: NonNullable<Metric['pods']>['metric'],
  { namespace, now }: Asking,
  about: { readonly kind: string; readonly name: string } | undefined,
): MetricQuestion {
  return { name, namespace, at: now, ...(about === undefined ? {} : { about }), labels: selector?.matchLabels ?? {} };
}

function isAverage({ averageValue }: Target): boolean {
  return averageValue !== undefined;
}

function nameOf({ metadata }: Pod): string {
  return metadata.name;
}

/** Thousandths as Kubernetes prints decimal quantities. */
function decimal(value: number): string {
  return amountText({ nano: BigInt(Math.trunc(value)) * 1_000_000n, format: 'decimal' });
}

/** As Go prints the pointer to a label selector. */
function selectorText(selector: NonNullable<Metric['pods']>['metric']['selector']): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}: ${value},`);
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{},}`;
}
