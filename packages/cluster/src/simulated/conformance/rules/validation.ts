import type { ConformanceCase, Json } from '../conformance-case.ts';
import { container, creating, deployment, job, pod, refused, template, workload } from './creating.ts';

const NAMES_PAGE = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/';
const POD_SOURCE = 'pkg/apis/core/validation/validation.go';
const APPS_SOURCE = 'pkg/apis/apps/validation/validation.go';
const BATCH_SOURCE = 'pkg/apis/batch/validation/validation.go';
const SERVICE_PAGE = 'https://kubernetes.io/docs/concepts/services-networking/service/';

function service(spec: Json): Json {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec };
}

function cronJob(schedule: string): Json {
  const spec = { schedule, jobTemplate: { spec: job()['spec'] } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly' }, spec };
}

function autoscaler(spec: Json): Json {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef, ...spec },
  };
}

function ingress(path: Json): Json {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const spec = { rules: [{ http: { paths: [{ backend, ...path }] } }] };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec };
}

/** What is refused because it is wrong, and in which words. */
export const VALIDATION_CASES: readonly ConformanceCase[] = [
  refused(
    'a pod needs a container',
    POD_SOURCE,
    pod({ containers: [] }),
    'Pod "web" is invalid: spec.containers: Required value',
  ),
  refused(
    'a container needs an image, and a name that no other has',
    POD_SOURCE,
    pod({ containers: [container(), { name: 'app' }] }),
    'Pod "web" is invalid: [spec.containers[1].image: Required value, spec.containers[1].name: Duplicate value: "app"]',
  ),
  refused(
    'a container is named by an RFC 1123 label',
    NAMES_PAGE,
    pod({ containers: [container({ name: 'My_App' })] }),
    "Pod \"web\" is invalid: spec.containers[0].name: Invalid value: \"My_App\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  ),
  refused(
    'a mount names a volume of its pod',
    'https://kubernetes.io/docs/concepts/storage/volumes/',
    pod({ containers: [container({ volumeMounts: [{ name: 'data', mountPath: '/data' }] })] }),
    'Pod "web" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ),
  refused(
    'a request may not be more than its limit',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    pod({ containers: [container({ resources: { requests: { cpu: '2' }, limits: { cpu: '1000m' } } })] }),
    'Pod "web" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ),
  refused(
    'a resource without a domain is one that Kubernetes knows',
    POD_SOURCE,
    pod({ containers: [container({ resources: { requests: { gold: '1' } } })] }),
    'Pod "web" is invalid: [spec.containers[0].resources.requests[gold]: Invalid value: "gold": must be a standard resource type or fully qualified, spec.containers[0].resources.requests[gold]: Invalid value: "gold": must be a standard resource for containers]',
  ),
  refused(
    'an extended resource is requested as it is limited',
    'https://kubernetes.io/docs/tasks/configure-pod-container/extended-resource/',
    pod({
      containers: [
        container({ resources: { requests: { 'example.com/gpu': '1' }, limits: { 'example.com/gpu': '2' } } }),
      ],
    }),
    'Pod "web" is invalid: spec.containers[0].resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2',
  ),
  refused(
    'a probe needs an action, and a liveness probe one success',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    pod({ containers: [container({ livenessProbe: { successThreshold: 2 } })] }),
    'Pod "web" is invalid: [spec.containers[0].livenessProbe: Required value: must specify a handler type, spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1]',
  ),
  refused(
    'ports have numbers within bounds and short names',
    POD_SOURCE,
    pod({ containers: [container({ ports: [{ containerPort: 70000, name: 'a-very-long-port-name' }] })] }),
    'Pod "web" is invalid: [spec.containers[0].ports[0].name: Invalid value: "a-very-long-port-name": must be no more than 15 bytes, spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive]',
  ),
  refused(
    'a restart policy is one of three',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy',
    pod({ restartPolicy: 'Sometimes' }),
    'Pod "web" is invalid: spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ),
  refused(
    'a toleration of every key needs Exists',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
    pod({ tolerations: [{ value: 'a' }] }),
    'Pod "web" is invalid: spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  ),
  refused(
    'the selector of a Deployment matches its template',
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
    deployment({ template: template({}, { app: 'other' }) }),
    'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`',
  ),
  refused(
    'a Deployment without selector is refused, and one that wants fewer than no pods',
    APPS_SOURCE,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: -1, template: template() },
    },
    'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.selector: Required value, spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`]',
  ),
  refused(
    'a rolling update must be able to move',
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable',
    deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } }),
    'Deployment.apps "web" is invalid: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  ),
  refused(
    'pods of a Deployment restart always',
    APPS_SOURCE,
    deployment({ template: template({ restartPolicy: 'Never' }) }),
    'Deployment.apps "web" is invalid: spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ),
  refused(
    'pods of a Job do not restart always',
    'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template',
    job({ template: { spec: { containers: [container()] } } }),
    'Job.batch "sum" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ),
  refused(
    'a schedule has five fields',
    BATCH_SOURCE,
    cronJob('* * * *'),
    'CronJob.batch "nightly" is invalid: spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]',
  ),
  refused(
    'the fields of a schedule have bounds',
    BATCH_SOURCE,
    cronJob('61 * * * *'),
    'CronJob.batch "nightly" is invalid: spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
  ),
  refused(
    'a Service needs ports, and names for them where there are several',
    SERVICE_PAGE,
    service({ ports: [{ port: 80 }, { name: 'b', port: 0 }] }),
    'Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[1].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]',
  ),
  refused(
    'a node port is not for the cluster alone',
    SERVICE_PAGE,
    service({ selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30080 }] }),
    'Service "web" is invalid: spec.ports[0].nodePort: Forbidden: may not be used when `type` is \'ClusterIP\'',
  ),
  refused(
    'an ExternalName needs a name',
    `${SERVICE_PAGE}#externalname`,
    service({ type: 'ExternalName' }),
    'Service "web" is invalid: spec.externalName: Required value',
  ),
  refused(
    'an autoscaler wants at most no fewer than at least',
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
    autoscaler({ minReplicas: 5, maxReplicas: 3 }),
    'HorizontalPodAutoscaler.autoscaling "web" is invalid: spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`',
  ),
  refused(
    'a disruption budget says how many must stay or how many may go',
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { minAvailable: '150%', selector: { matchLabels: { app: 'web' } } },
    },
    'PodDisruptionBudget.policy "web" is invalid: spec.minAvailable: Invalid value: "150%": must not be greater than 100%',
  ),
  refused(
    'a claim says how it is accessed and how large it is',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims',
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
    'PersistentVolumeClaim "data" is invalid: [spec.accessModes: Required value: at least 1 access mode is required, spec.resources[storage]: Required value]',
  ),
  refused(
    'a path of an Ingress begins at the root and says how it is matched',
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types',
    ingress({ path: 'shop', pathType: 'Prefix' }),
    'Ingress.networking.k8s.io "web" is invalid: spec.rules[0].http.paths[0].path: Invalid value: "shop": must be an absolute path',
  ),
  refused(
    'a path of an Ingress has a type',
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types',
    ingress({ path: '/' }),
    'Ingress.networking.k8s.io "web" is invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified',
  ),
  refused(
    'keys of ConfigMaps are plain',
    'https://kubernetes.io/docs/concepts/configuration/configmap/',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { 'a b': 'c' } },
    "ConfigMap \"settings\" is invalid: data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  ),
  refused(
    'a TLS Secret holds certificate and key',
    'https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets',
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
    'Secret "web" is invalid: data[tls.key]: Required value',
  ),
  refused(
    'names of priority classes of the system are taken',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass',
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'system-mine' }, value: 1 },
    'PriorityClass.scheduling.k8s.io "system-mine" is invalid: metadata.name: Forbidden: priority class names with \'system-\' prefix are reserved for system use only. error: system-mine is not a known system priority class',
  ),
  refused(
    'priorities of users have an upper bound',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass',
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'huge' }, value: 1_000_000_001 },
    'PriorityClass.scheduling.k8s.io "huge" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
  ),
  refused(
    'an extended resource needs a limit',
    'https://kubernetes.io/docs/tasks/configure-pod-container/extended-resource/',
    pod({ containers: [container({ resources: { requests: { 'example.com/gpu': '1' } } })] }),
    'Pod "web" is invalid: spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources',
  ),
  refused(
    'scopes of a quota do not contradict each other',
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes',
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'best' },
      spec: { hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] },
    },
    'ResourceQuota "best" is invalid: spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
  ),
  refused(
    'a quota names resources that there are',
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'best' }, spec: { hard: { gold: '1' } } },
    'ResourceQuota "best" is invalid: [spec.hard[gold]: Invalid value: "gold": must be a standard resource type or fully qualified, spec.hard[gold]: Invalid value: "gold": must be a standard resource for quota]',
  ),
  refused(
    'a LimitRange does not ask for more than it allows',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'bounds' },
      spec: { limits: [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }] },
    },
    'LimitRange "bounds" is invalid: spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  ),
  refused(
    'a rule of a Role says what may be done to what',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'read' },
      rules: [{ verbs: ['get'] }],
    },
    'Role.rbac.authorization.k8s.io "read" is invalid: [rules[0].apiGroups: Required value: resource rules must supply at least one api group, rules[0].resources: Required value: resource rules must supply at least one resource]',
  ),
  refused(
    'required node affinity has a term',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity',
    pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }),
    'Pod "web" is invalid: spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
  ),
  refused(
    'spread constraints have a skew and a known action',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    pod({
      topologySpreadConstraints: [
        { maxSkew: 0, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'Never', labelSelector: {} },
      ],
    }),
    'Pod "web" is invalid: [spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero, spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"]',
  ),
  {
    name: 'what is wrong comes before what a quota has no room for',
    source: 'staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go',
    given: [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'none', namespace: 'shop' },
        spec: { hard: { pods: '0' } },
      },
    ],
    steps: [
      { passMs: 2000 },
      creating(pod({ containers: [] }), {
        code: 422,
        message: 'Pod "web" is invalid: spec.containers: Required value',
      }),
      creating(pod(), {
        code: 403,
        message: 'pods "web" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0',
      }),
    ],
  },
  {
    name: 'pods of a StatefulSet are looked at only when they are made',
    source: APPS_SOURCE,
    steps: [
      creating(
        workload('apps/v1', 'StatefulSet', {
          serviceName: 'web',
          template: template({ containers: [{ name: 'app' }] }),
        }),
        {
          code: 201,
        },
      ),
    ],
  },
];
