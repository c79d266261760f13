import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { container, deployment, filled, job, pod, workload } from './creating.ts';

const POD_PAGE = 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/';
const IMAGES_PAGE = 'https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting';
const SERVICE_PAGE = 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/';

/** What the API server fills in. */
export const DEFAULTS_CASES: readonly ConformanceCase[] = [
  filled('a pod gets its policies, grace period and scheduler', POD_PAGE, pod(), {
    spec: {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
      containers: [
        {
          imagePullPolicy: 'IfNotPresent',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  }),
  filled(
    'an image is always pulled where its tag is latest or missing, and neither where it has a digest',
    IMAGES_PAGE,
    pod({
      containers: [
        container({ name: 'a', image: 'nginx' }),
        container({ name: 'b', image: 'nginx:latest' }),
        container({ name: 'c', image: 'localhost:5000/nginx' }),
        container({ name: 'd', image: 'localhost:5000/nginx:1.29' }),
        container({ name: 'e', image: `nginx@sha256:${'0'.repeat(64)}` }),
      ],
    }),
    {
      spec: {
        containers: [
          { imagePullPolicy: 'Always' },
          { imagePullPolicy: 'Always' },
          { imagePullPolicy: 'Always' },
          { imagePullPolicy: 'IfNotPresent' },
          { imagePullPolicy: 'IfNotPresent' },
        ],
      },
    },
  ),
  filled(
    'a probe gets its thresholds, its period and its timeout',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes',
    pod({ containers: [container({ livenessProbe: { httpGet: { port: 8080 } } })] }),
    {
      spec: {
        containers: [
          {
            livenessProbe: {
              httpGet: { path: '/', port: 8080, scheme: 'HTTP' },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
          },
        ],
      },
    },
  ),
  filled(
    'a pod requests what it is limited to where it requests nothing, and is guaranteed then',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits',
    pod({ containers: [container({ resources: { limits: { cpu: '1', memory: '1Gi' } } })] }),
    {
      spec: { containers: [{ resources: { requests: { cpu: '1', memory: '1Gi' } } }] },
      status: { qosClass: 'Guaranteed' },
    },
  ),
  filled(
    'volumes get modes, projected tokens an hour, and those without a source an empty directory',
    POD_PAGE,
    pod({
      volumes: [
        { name: 'a' },
        { name: 'b', configMap: { name: 'settings' } },
        { name: 'c', secret: { secretName: 'key' } },
        { name: 'd', hostPath: { path: '/var/log' } },
        { name: 'e', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
      ],
    }),
    {
      spec: {
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', configMap: { name: 'settings', defaultMode: 420 } },
          { name: 'c', secret: { secretName: 'key', defaultMode: 420 } },
          { name: 'd', hostPath: { path: '/var/log', type: '' } },
          {
            name: 'e',
            projected: {
              defaultMode: 420,
              sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }],
            },
          },
          { name: /^kube-api-access-/ },
        ],
      },
    },
  ),
  filled(
    'a Deployment rolls by quarters, keeps ten revisions and waits ten minutes',
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#writing-a-deployment-spec',
    deployment(),
    {
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        template: {
          spec: {
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            securityContext: {},
            enableServiceLinks: ABSENT,
            containers: [{ terminationMessagePolicy: 'File' }],
          },
        },
      },
    },
  ),
  filled(
    'a StatefulSet keeps order and claims',
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
    workload('apps/v1', 'StatefulSet', { serviceName: 'web' }),
    {
      spec: {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      },
    },
  ),
  filled(
    'a DaemonSet replaces one pod at a time and adds none',
    'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/',
    workload('apps/v1', 'DaemonSet'),
    {
      spec: {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      },
    },
  ),
  {
    name: 'a Job selects its pods by its own uid',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-selector',
    steps: [
      { verb: 'create', resource: 'batch/v1/jobs', namespace: 'shop', body: job(), keep: 'made' },
      {
        verb: 'get',
        resource: 'batch/v1/jobs',
        namespace: 'shop',
        name: 'sum',
        expect: {
          body: {
            metadata: {
              labels: {
                'batch.kubernetes.io/controller-uid': '${made.metadata.uid}',
                'batch.kubernetes.io/job-name': 'sum',
                'controller-uid': '${made.metadata.uid}',
                'job-name': 'sum',
              },
            },
            spec: {
              backoffLimit: 6,
              completions: 1,
              parallelism: 1,
              completionMode: 'NonIndexed',
              suspend: false,
              podReplacementPolicy: 'TerminatingOrFailed',
              selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': '${made.metadata.uid}' } },
              template: { metadata: { labels: { 'controller-uid': '${made.metadata.uid}', 'job-name': 'sum' } } },
            },
          },
        },
      },
    ],
  },
  filled(
    'a CronJob allows concurrency and keeps three successes and one failure',
    'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/',
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 3 * * *', jobTemplate: { spec: job()['spec'] } },
    },
    {
      spec: {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: { backoffLimit: ABSENT, template: { spec: { restartPolicy: 'Never' } } } },
      },
    },
  ),
  filled(
    'a Service balances over the whole cluster on a port of the same number',
    SERVICE_PAGE,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    {
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        externalTrafficPolicy: ABSENT,
        ipFamilyPolicy: 'SingleStack',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
      status: { loadBalancer: {} },
    },
  ),
  filled(
    'a load balancer takes node ports and traffic from every node',
    SERVICE_PAGE,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }], sessionAffinity: 'ClientIP' },
    },
    {
      spec: {
        allocateLoadBalancerNodePorts: true,
        externalTrafficPolicy: 'Cluster',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
    },
  ),
  filled(
    'a HorizontalPodAutoscaler holds four fifths of the requested CPU and completes the rules of one direction',
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#default-behavior',
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 5,
        behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
      },
    },
    {
      spec: {
        minReplicas: 1,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 60,
            selectPolicy: 'Max',
            policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
          },
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [
              { type: 'Pods', value: 4, periodSeconds: 15 },
              { type: 'Percent', value: 100, periodSeconds: 15 },
            ],
          },
        },
      },
    },
  ),
  filled(
    'plain text of a Secret is stored encoded',
    'https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data',
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      data: { a: 'Zmlyc3Q=' },
      stringData: { b: 'grüß', a: 'second' },
    },
    { type: 'Opaque', data: { a: 'c2Vjb25k', b: 'Z3LDvMOf' }, stringData: ABSENT },
  ),
  filled(
    'a Namespace is labelled with its name and held until it is empty',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#automatic-labelling',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } },
    {
      metadata: { labels: { 'kubernetes.io/metadata.name': 'other' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
  ),
  filled(
    'a container takes the largest allowed as limit and the limit as request from a LimitRange',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'small' },
      spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '100m', memory: '1Mi' } }] },
    },
    {
      spec: {
        limits: [
          { type: 'Container', default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Mi' }, max: { cpu: '2' } },
        ],
      },
    },
  ),
  filled(
    'a NetworkPolicy with rules for outgoing traffic is about both directions',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] },
    },
    { spec: { policyTypes: ['Ingress', 'Egress'], egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }] } },
  ),
  filled(
    'a StorageClass deletes and binds at once, a PersistentVolume is kept',
    'https://kubernetes.io/docs/concepts/storage/storage-classes/',
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'example.com/disk',
    },
    { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
  ),
];
