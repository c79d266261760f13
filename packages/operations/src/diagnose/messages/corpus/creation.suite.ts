/** Pods that are refused at creation: each text with who writes it since when, and what must be read from it. */
import type { CreationMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (
  versions: string,
  cause: CreationMessage['cause'],
  text: string,
  more: Partial<CreationMessage> = {},
): Row<CreationMessage> => [versions, text, { cause, ...more }];

export const rows: readonly Row<CreationMessage>[] = [
  of(
    '1.14–1.36',
    'quota',
    'Error creating: pods "web-5d-" is forbidden: exceeded quota: team, requested: cpu=500m, used: cpu=1800m, limited: cpu=2',
    { name: 'team', requested: { cpu: '500m' }, used: { cpu: '1800m' }, limited: { cpu: '2' } },
  ),
  of(
    '1.14–1.36',
    'quota',
    'Error creating: pods "web-5d-x" is forbidden: exceeded quota: team, requested: limits.memory=1Gi,pods=1,requests.nvidia.com/gpu=1, used: limits.memory=3Gi,pods=4,requests.nvidia.com/gpu=2, limited: limits.memory=3Gi,pods=4,requests.nvidia.com/gpu=2',
    {
      requested: { 'limits.memory': '1Gi', pods: '1', 'requests.nvidia.com/gpu': '1' },
      limited: { 'limits.memory': '3Gi', pods: '4', 'requests.nvidia.com/gpu': '2' },
    },
  ),
  of(
    '1.14–1.36',
    'quota',
    'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4',
    { name: 'team', used: { pods: '4' } },
  ),
  of(
    '1.14–1.36',
    'quota',
    'create Claim data-db-0 Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: exceeded quota: team, requested: requests.storage=10Gi, used: requests.storage=95Gi, limited: requests.storage=100Gi',
    { limited: { 'requests.storage': '100Gi' } },
  ),
  of(
    'spaces',
    'quota',
    'Error creating: pods "a" is forbidden: exceeded quota: q, requested: cpu=1, memory=1Gi, used: cpu=1, memory=1Gi, limited: cpu=1, memory=1Gi',
    { requested: { cpu: '1', memory: '1Gi' }, limited: { cpu: '1', memory: '1Gi' } },
  ),
  of(
    'commas in values',
    'quota',
    'pods "a" is forbidden: exceeded quota: q, requested: count/x=1,000, used: count/x=9,000, limited: count/x=9,500',
    { requested: { 'count/x': '1,000' }, limited: { 'count/x': '9,500' } },
  ),
  of(
    'Job',
    'quota',
    'Error creating: pods "job-x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=4, limited: pods=4',
    { name: 'q' },
  ),
  of(
    '1.14–1.23',
    'quota-needs-values',
    'Error creating: pods "web-" is forbidden: failed quota: team: must specify limits.cpu,limits.memory',
    { name: 'team' },
  ),
  of(
    '1.24–1.36',
    'quota-needs-values',
    'Error creating: pods "web-" is forbidden: failed quota: team: must specify limits.cpu for: app,sidecar; limits.memory for: app',
    { name: 'team' },
  ),
  of(
    '1.14–1.36',
    'quota',
    'Error creating: pods "web-" is forbidden: status unknown for quota: team, resources: limits.cpu,pods',
    { name: 'team' },
  ),
  of(
    '1.14–1.36',
    'limit-range',
    'Error creating: pods "web-" is forbidden: maximum cpu usage per Container is 2, but limit is 4',
  ),
  of(
    '1.14–1.36',
    'limit-range',
    'Error creating: pods "web-" is forbidden: minimum memory usage per Pod is 64Mi, but request is 32Mi',
  ),
  of(
    '1.14–1.36',
    'limit-range',
    'Error creating: pods "web-" is forbidden: [maximum memory usage per Container is 1Gi. No limit is specified, maximum cpu usage per Container is 1, but limit is 2]',
  ),
  of(
    '1.14–1.36',
    'limit-range',
    'Error creating: pods "web-" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000',
  ),
  of(
    '1.22–1.36',
    'pod-security',
    'Error creating: pods "web-" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true',
    { name: 'restricted:latest' },
  ),
  of(
    '1.14–1.24',
    'pod-security',
    'Error creating: pods "web-" is forbidden: unable to validate against any pod security policy: [spec.containers[0].securityContext.privileged: Invalid value: true]',
  ),
  of(
    '1.22–1.24',
    'pod-security',
    'Error creating: pods "web-" is forbidden: PodSecurityPolicy: unable to admit pod: []',
  ),
  of(
    'OpenShift',
    'pod-security',
    'Error creating: pods "web-" is forbidden: unable to validate against any security context constraint: [provider restricted]',
  ),
  of(
    '1.14–1.36',
    'webhook-denied',
    'Error creating: admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/prod/web was blocked',
    { name: 'validate.kyverno.svc-fail' },
  ),
  of(
    '1.14–1.36',
    'webhook-denied',
    'Error creating: admission webhook "w.io" denied the request: exceeded quota: x, requested: cpu=1, used: cpu=1, limited: cpu=1',
    { name: 'w.io' },
  ),
  of(
    '1.21–1.36',
    'webhook-unreachable',
    'Error creating: Internal error occurred: failed calling webhook "pods.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": dial tcp 10.0.0.9:443: connect: connection refused',
    { name: 'pods.istio.io' },
  ),
  of(
    '1.14–1.20',
    'webhook-unreachable',
    'Error creating: Internal error occurred: failed calling webhook "w.io": Post https://w.ns.svc:443/: context deadline exceeded',
    { name: 'w.io' },
  ),
  of(
    '1.14–1.36',
    'service-account-missing',
    'Error creating: pods "web-" is forbidden: error looking up service account prod/deployer: serviceaccount "deployer" not found',
    { name: 'deployer' },
  ),
  of(
    '1.14–1.36',
    'priority-class-missing',
    'Error creating: pods "web-" is forbidden: no PriorityClass with name urgent was found',
    { name: 'urgent' },
  ),
  of(
    '1.26–1.36',
    'forbidden',
    `Error creating: pods "web-" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'prod' denied request: image tag latest`,
    { name: 'no-latest' },
  ),
  of(
    '1.14–1.36',
    'forbidden',
    'Error creating: pods "web-" is forbidden: unable to create new content in namespace prod because it is being terminated',
  ),
  of('1.14–1.36', 'invalid', 'Error creating: Pod "web-x" is invalid: spec.containers[0].image: Required value'),
  of('1.14–1.36', 'other', 'Error creating: etcdserver: request timed out'),
  ['all', 'Created pod: web-1', undefined],
  ['all', '', undefined],
];

/** The end of a cut text is what tells: before it, the pod is only forbidden. */
