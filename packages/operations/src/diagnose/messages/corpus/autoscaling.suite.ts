/** Autoscalers that cannot count or scale: each text with who writes it since when, and what must be read from it. */
import type { AutoscalingMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (versions: string, expected: Partial<AutoscalingMessage>, text: string): Row<AutoscalingMessage> => [
  versions,
  text,
  expected,
];
const UNABLE = 'the HPA was unable to compute the replica count:';
const SCALE = "the HPA controller was unable to get the target's current scale:";

export const rows: readonly Row<AutoscalingMessage>[] = [
  of(
    '1.14–1.36',
    { cause: 'metrics-api-missing', api: 'resource' },
    `${UNABLE} failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`,
  ),
  of(
    '1.14–1.36',
    { cause: 'metrics-api-missing', api: 'resource' },
    'failed to get memory utilization: unable to get metrics for resource memory: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)',
  ),
  of(
    '1.14–1.36',
    { cause: 'metrics-api-missing', api: 'external' },
    `${UNABLE} unable to get external metric default/nginx.net.request_per_s/&LabelSelector{MatchLabels:map[string]string{app: nginx,},MatchExpressions:[],}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get nginx.net.request_per_s.external.metrics.k8s.io)`,
  ),
  of(
    '1.14–1.36',
    { cause: 'metrics-api-missing', api: 'custom' },
    `${UNABLE} unable to get metric queue_length: unable to fetch metrics from custom metrics API: the server is currently unable to handle the request (get pods.custom.metrics.k8s.io queue_length)`,
  ),
  of(
    '1.14–1.36',
    { cause: 'no-metrics', api: 'resource' },
    `${UNABLE} failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API`,
  ),
  of(
    'KEDA',
    { cause: 'no-metrics', api: 'external' },
    `${UNABLE} unable to get external metric prod/s1-prometheus/&LabelSelector{MatchLabels:map[string]string{scaledobject.keda.sh/name: web,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: rpc error: code = Unknown desc = error when getting metric values no matching metrics found for s1-prometheus`,
  ),
  of(
    '1.27–1.36',
    { cause: 'request-missing', resource: 'cpu', container: 'backend' },
    `${UNABLE} failed to get cpu utilization: missing request for cpu in container backend of Pod backend-67d6db5695-4hztw`,
  ),
  of('1.14–1.20', { cause: 'request-missing', resource: 'cpu' }, `${UNABLE} missing request for cpu`),
  of(
    '1.14–1.36',
    { cause: 'pods-not-ready' },
    `${UNABLE} failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)`,
  ),
  of(
    '1.14–1.24',
    { cause: 'pods-not-ready' },
    `${UNABLE} failed to get cpu utilization: did not receive metrics for any ready pods`,
  ),
  of(
    '1.14–1.36',
    { cause: 'no-pods' },
    `${UNABLE} failed to get cpu utilization: no pods returned by selector while calculating replica count`,
  ),
  of(
    '1.20–1.36',
    { cause: 'container-missing', container: 'proxy' },
    `${UNABLE} failed to get cpu container utilization: container proxy not present in metrics for pod shop/web-1`,
  ),
  of(
    'all',
    { cause: 'metrics-forbidden' },
    `${UNABLE} failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: pods.metrics.k8s.io is forbidden: User "system:serviceaccount:kube-system:horizontal-pod-autoscaler" cannot list resource "pods"`,
  ),
  of('1.14–1.36', { cause: 'scaling-disabled' }, 'scaling is disabled since the replica count of the target is zero'),
  of(
    '1.27–1.36',
    { cause: 'selector-ambiguous' },
    'pods by selector app=web are controlled by multiple HPAs: [shop/a shop/b]',
  ),
  of('1.14–1.36', { cause: 'selector-invalid' }, "the HPA target's scale is missing a selector"),
  of('1.14–1.36', { cause: 'selector-invalid' }, `${UNABLE} selector is required`),
  of(
    '1.14–1.36',
    { cause: 'target-missing', name: 'registration' },
    `${SCALE} deployments/scale.apps "registration" not found`,
  ),
  of('1.14–1.36', { cause: 'target-missing', name: 'web' }, 'deployments.apps "web" not found'),
  of('1.14–1.36', { cause: 'target-missing', name: 'rc' }, `${SCALE} replicationcontrollers/scale "rc" not found`),
  of(
    '1.14–1.36',
    { cause: 'kind-unknown', kind: 'ReplicaSet' },
    `${SCALE} no matches for kind "ReplicaSet" in group ""`,
  ),
  of('1.14–1.36', { cause: 'kind-unknown' }, `${SCALE} the server could not find the requested resource`),
  of('future', { cause: 'other' }, `${UNABLE} something that is new`),
  ['all', 'New size: 3; reason: cpu resource utilization (percentage of request) above target', undefined],
  ['all', 'the desired count is within the acceptable range', undefined],
];
