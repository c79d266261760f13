import type { ConformanceCase, Json } from '../conformance-case.ts';
import { container, creating, pod } from './creating.ts';

const LIMIT_PAGE = 'https://kubernetes.io/docs/concepts/policy/limit-range/';
const QUOTA_PAGE = 'https://kubernetes.io/docs/concepts/policy/resource-quotas/';
const SOON = { passMs: 2000 };

function limitRange(item: Json): Json {
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'bounds', namespace: 'shop' },
    spec: { limits: [item] },
  };
}

function quota(hard: Json, more: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'compute', namespace: 'shop' },
    spec: { hard, ...more },
  };
}

function asking(name: string, resources: Json): Json {
  return pod({ containers: [container({ resources })] }, { name });
}

const forbidden = (message: string) => ({ code: 403, reason: 'Forbidden', message });

/** LimitRanges and ResourceQuotas. */
export const LIMITS_CASES: readonly ConformanceCase[] = [
  {
    name: 'a container gets the limits and requests of the LimitRange, and a note of it',
    source: LIMIT_PAGE,
    given: [
      limitRange({ type: 'Container', default: { cpu: '500m', memory: '512Mi' }, defaultRequest: { cpu: '100m' } }),
    ],
    steps: [
      creating(asking('web', { requests: { memory: '64Mi' } }), {
        code: 201,
        body: {
          metadata: {
            annotations: {
              'kubernetes.io/limit-ranger':
                'LimitRanger plugin set: cpu request for container app; cpu, memory limit for container app',
            },
          },
          spec: {
            containers: [
              { resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '64Mi' } } },
            ],
          },
          status: { qosClass: 'Burstable' },
        },
      }),
    ],
  },
  {
    name: 'a container that may take more than a LimitRange allows is refused, and one that takes less',
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/manage-resources/cpu-constraint-namespace/',
    given: [limitRange({ type: 'Container', max: { cpu: '800m' }, min: { cpu: '200m' } })],
    steps: [
      creating(
        asking('big', { limits: { cpu: '1.5' }, requests: { cpu: '500m' } }),
        forbidden('pods "big" is forbidden: maximum cpu usage per Container is 800m, but limit is 1500m'),
      ),
      creating(
        asking('small', { limits: { cpu: '800m' }, requests: { cpu: '100m' } }),
        forbidden('pods "small" is forbidden: minimum cpu usage per Container is 200m, but request is 100m'),
      ),
    ],
  },
  {
    name: 'several wrongs of one LimitRange are told together',
    source: LIMIT_PAGE,
    given: [limitRange({ type: 'Pod', max: { memory: '1Gi' }, maxLimitRequestRatio: { cpu: '2' } })],
    steps: [
      creating(
        asking('web', { limits: { cpu: '1' }, requests: { cpu: '250m' } }),
        forbidden(
          'pods "web" is forbidden: [maximum memory usage per Pod is 1Gi.  No limit is specified, cpu max limit to request ratio per Pod is 2, but provided ratio is 4.000000]',
        ),
      ),
    ],
  },
  {
    name: 'a claim larger or smaller than a LimitRange allows is refused',
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/limit-storage-consumption/',
    given: [limitRange({ type: 'PersistentVolumeClaim', max: { storage: '2Gi' }, min: { storage: '1Gi' } })],
    steps: ['500Mi', '5Gi'].map((storage, at) =>
      creating(
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
        },
        forbidden(
          `persistentvolumeclaims "data" is forbidden: ${['minimum storage usage per PersistentVolumeClaim is 1Gi', 'maximum storage usage per PersistentVolumeClaim is 2Gi'][at] as string}, but request is ${storage}`,
        ),
      ),
    ),
  },
  {
    name: 'a quota tells what is limited and what is taken, and refuses what is too much',
    source: QUOTA_PAGE,
    given: [quota({ 'requests.cpu': '10', 'requests.memory': '20Gi', pods: '5' })],
    steps: [
      SOON,
      creating(asking('a', { requests: { cpu: '9', memory: '1Gi' } }), { code: 201 }),
      {
        verb: 'get',
        resource: 'v1/resourcequotas',
        namespace: 'shop',
        name: 'compute',
        expect: {
          body: {
            status: {
              hard: { pods: '5', 'requests.cpu': '10', 'requests.memory': '20Gi' },
              used: { pods: '1', 'requests.cpu': '9', 'requests.memory': '1Gi' },
            },
          },
        },
      },
      creating(
        asking('b', { requests: { cpu: '2', memory: '1Gi' } }),
        forbidden(
          'pods "b" is forbidden: exceeded quota: compute, requested: requests.cpu=2, used: requests.cpu=9, limited: requests.cpu=10',
        ),
      ),
      creating(
        asking('c', { requests: { cpu: '1500m', memory: '20480Mi' } }),
        forbidden(
          'pods "c" is forbidden: exceeded quota: compute, requested: requests.cpu=1500m,requests.memory=20Gi, used: requests.cpu=9,requests.memory=1Gi, limited: requests.cpu=10,requests.memory=20Gi',
        ),
      ),
    ],
  },
  {
    name: 'containers must say what they need of what is limited',
    source: `${QUOTA_PAGE}#resource-quota-per-namespace`,
    given: [quota({ 'limits.cpu': '2', 'limits.memory': '2Gi', 'requests.cpu': '1' })],
    steps: [
      SOON,
      creating(
        pod({
          containers: [
            container({ name: 'c1', resources: { limits: { memory: '1Gi' } } }),
            container({ name: 'c2', resources: { requests: { cpu: '1' } } }),
          ],
        }),
        forbidden(
          'pods "web" is forbidden: failed quota: compute: must specify limits.cpu for: c1,c2; limits.memory for: c2; requests.cpu for: c1',
        ),
      ),
    ],
  },
  {
    name: 'a quota counts objects of any kind, and Services by what they open',
    source: `${QUOTA_PAGE}#object-count-quota`,
    given: [quota({ 'count/deployments.apps': '0', 'services.nodeports': '1', configmaps: '3' })],
    steps: [
      SOON,
      creating(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: {
            selector: { matchLabels: { app: 'web' } },
            template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container()] } },
          },
        },
        forbidden(
          'deployments.apps "web" is forbidden: exceeded quota: compute, requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0',
        ),
      ),
      creating(
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: {
            type: 'LoadBalancer',
            selector: { app: 'web' },
            ports: [
              { name: 'a', port: 80 },
              { name: 'b', port: 81 },
            ],
          },
        },
        forbidden(
          'services "web" is forbidden: exceeded quota: compute, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1',
        ),
      ),
    ],
  },
  {
    name: 'a quota of a priority class counts only its pods',
    source: `${QUOTA_PAGE}#resource-quota-per-priorityclass`,
    given: [
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 1000 },
      quota(
        { pods: '1' },
        {
          scopeSelector: {
            matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['urgent'] }],
          },
        },
      ),
    ],
    steps: [
      SOON,
      creating(pod({}, { name: 'calm-1' }), { code: 201 }),
      creating(pod({}, { name: 'calm-2' }), { code: 201 }),
      creating(pod({ priorityClassName: 'urgent' }, { name: 'a' }), { code: 201 }),
      creating(
        pod({ priorityClassName: 'urgent' }, { name: 'b' }),
        forbidden('pods "b" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=1, limited: pods=1'),
      ),
    ],
  },
  {
    name: 'what is deleted is given back to the quota',
    source: QUOTA_PAGE,
    given: [quota({ pods: '1' })],
    steps: [
      SOON,
      creating(pod({}, { name: 'a' }), { code: 201 }),
      { verb: 'delete', resource: 'v1/pods', namespace: 'shop', name: 'a' },
      {
        verb: 'get',
        resource: 'v1/resourcequotas',
        namespace: 'shop',
        name: 'compute',
        eventuallyMs: 10_000,
        expect: { body: { status: { used: { pods: '0' } } } },
      },
      creating(pod({}, { name: 'b' }), { code: 201 }),
    ],
  },
];
