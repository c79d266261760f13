import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { container, creating, pod } from './creating.ts';

const ACCOUNTS_PAGE = 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/';
const PRIORITY_PAGE = 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/';

const URGENT = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 1000 };

/** What admission plugins add and refuse. */
export const ADMISSION_CASES: readonly ConformanceCase[] = [
  {
    name: 'nothing can be made in a namespace that is not there',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle',
    namespaces: [],
    steps: [
      creating(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
        { code: 404, reason: 'NotFound', message: 'namespaces "shop" not found' },
      ),
    ],
  },
  {
    name: 'the default namespace cannot be deleted',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle',
    steps: [
      {
        verb: 'delete',
        resource: 'v1/namespaces',
        name: 'default',
        expect: {
          code: 403,
          reason: 'Forbidden',
          message: 'namespaces "default" is forbidden: this namespace may not be deleted',
        },
      },
    ],
  },
  {
    name: 'a pod runs as the default account, with its token mounted, and tolerates failing nodes for five minutes',
    source: ACCOUNTS_PAGE,
    steps: [
      creating(pod({ containers: [container({ volumeMounts: [] })] }), {
        code: 201,
        body: {
          spec: {
            serviceAccountName: 'default',
            serviceAccount: 'default',
            priority: 0,
            preemptionPolicy: 'PreemptLowerPriority',
            tolerations: [
              { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
              {
                effect: 'NoExecute',
                key: 'node.kubernetes.io/unreachable',
                operator: 'Exists',
                tolerationSeconds: 300,
              },
            ],
            volumes: [
              {
                name: /^kube-api-access-[a-z0-9]{5}$/,
                projected: {
                  defaultMode: 420,
                  sources: [
                    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
                    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
                    {
                      downwardAPI: {
                        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
                      },
                    },
                  ],
                },
              },
            ],
            containers: [
              {
                volumeMounts: [
                  {
                    name: /^kube-api-access-/,
                    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
                    readOnly: true,
                  },
                ],
              },
            ],
          },
        },
      }),
    ],
  },
  {
    name: 'a pod of an account that is not there is refused',
    source: ACCOUNTS_PAGE,
    steps: [
      creating(pod({ serviceAccountName: 'builder' }), {
        code: 403,
        reason: 'Forbidden',
        message:
          'pods "web" is forbidden: error looking up service account shop/builder: serviceaccount "builder" not found',
      }),
    ],
  },
  {
    name: 'a pod takes pull secrets and the wish for no token from its account',
    source: `${ACCOUNTS_PAGE}#add-imagepullsecrets-to-a-service-account`,
    given: [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'builder', namespace: 'shop' },
        imagePullSecrets: [{ name: 'registry' }],
        automountServiceAccountToken: false,
      },
    ],
    steps: [
      creating(pod({ serviceAccountName: 'builder', volumes: [] }), {
        code: 201,
        body: { spec: { serviceAccount: 'builder', imagePullSecrets: [{ name: 'registry' }], volumes: ABSENT } },
      }),
    ],
  },
  {
    name: 'a pod gets the number of its class, and a class that is not there is refused',
    source: `${PRIORITY_PAGE}#pod-priority`,
    given: [URGENT],
    steps: [
      creating(pod({ priorityClassName: 'urgent' }), {
        code: 201,
        body: { spec: { priority: 1000, priorityClassName: 'urgent', preemptionPolicy: 'PreemptLowerPriority' } },
      }),
      creating(pod({ priorityClassName: 'calm' }, { name: 'other' }), {
        code: 403,
        reason: 'Forbidden',
        message: 'pods "other" is forbidden: no PriorityClass with name calm was found',
      }),
      creating(pod({ priority: 7 }, { name: 'other' }), {
        code: 403,
        message:
          'pods "other" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
      }),
    ],
  },
  {
    name: 'pods without a class get the default one, of which there can be only one',
    source: `${PRIORITY_PAGE}#priorityclass`,
    given: [{ ...URGENT, globalDefault: true }],
    steps: [
      creating(pod(), { code: 201, body: { spec: { priority: 1000, priorityClassName: 'urgent' } } }),
      creating(
        { ...URGENT, metadata: { name: 'other' }, globalDefault: true },
        {
          code: 403,
          message:
            'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass urgent is already marked as default. Only one default can exist',
        },
      ),
    ],
  },
  {
    name: "the system's priority classes cannot be deleted",
    source: 'pkg/registry/scheduling/priorityclass/storage/storage.go',
    steps: [
      {
        ...{ verb: 'delete', resource: 'scheduling.k8s.io/v1/priorityclasses', name: 'system-node-critical' },
        expect: {
          code: 403,
          reason: 'Forbidden',
          message:
            'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
        },
      },
    ],
  },
  {
    name: 'a claim takes the default class and is protected while it is used',
    source: 'https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass',
    given: [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'example.com/disk',
      },
    ],
    steps: [
      creating(
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
        },
        {
          code: 201,
          body: {
            metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
            spec: {
              storageClassName: 'fast',
              volumeMode: 'Filesystem',
              resources: { requests: { storage: '1Gi' } },
            },
            status: { phase: 'Pending' },
          },
        },
      ),
    ],
  },
  {
    name: 'nothing is made in a namespace that is going',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle',
    given: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] },
      },
    ],
    steps: [
      { verb: 'delete', resource: 'v1/namespaces', name: 'shop' },
      creating(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
        {
          code: 403,
          reason: 'Forbidden',
          message:
            'configmaps "settings" is forbidden: unable to create new content in namespace shop because it is being terminated',
          body: {
            details: {
              causes: [
                {
                  reason: 'NamespaceTerminating',
                  message: 'namespace shop is being terminated',
                  field: 'metadata.namespace',
                },
              ],
            },
          },
        },
      ),
    ],
  },
  {
    name: 'an Ingress takes the default class',
    source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class',
    given: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'front', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
        spec: { controller: 'example.com/front' },
      },
    ],
    steps: [
      creating(
        {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: 'web' },
          spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
        },
        { code: 201, body: { spec: { ingressClassName: 'front' }, status: { loadBalancer: {} } } },
      ),
    ],
  },
  {
    name: 'a pod of a runtime class that is not there is refused, and of one that is there gets its overhead and place',
    source: 'https://kubernetes.io/docs/concepts/containers/runtime-class/#scheduling',
    steps: [
      creating(pod({ runtimeClassName: 'boxed' }), {
        code: 403,
        message: 'pods "web" is forbidden: pod rejected: RuntimeClass "boxed" not found',
      }),
      {
        verb: 'create',
        resource: 'node.k8s.io/v1/runtimeclasses',
        body: {
          apiVersion: 'node.k8s.io/v1',
          kind: 'RuntimeClass',
          metadata: { name: 'boxed' },
          handler: 'boxed',
          overhead: { podFixed: { cpu: '250m' } },
          scheduling: { nodeSelector: { boxes: 'yes' } },
        },
      },
      creating(pod({ runtimeClassName: 'boxed' }), {
        code: 201,
        body: { spec: { overhead: { cpu: '250m' }, nodeSelector: { boxes: 'yes' } } },
      }),
    ],
  },
  {
    name: 'a new node is tainted as not ready until it is',
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-nodes-by-condition',
    steps: [
      {
        verb: 'create',
        resource: 'v1/nodes',
        body: {
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { name: 'n1' },
          status: { capacity: { cpu: '2000m' } },
        },
        expect: {
          body: {
            spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
            status: { capacity: { cpu: '2' }, allocatable: { cpu: '2' } },
          },
        },
      },
    ],
  },
  {
    name: 'a pod limited as a whole requests what its containers do together',
    source: 'https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/',
    steps: [
      creating(
        pod({
          resources: { limits: { cpu: '1', memory: '1Gi' } },
          containers: ['a', 'b'].map((name) => container({ name, resources: { requests: { cpu: '250m' } } })),
        }),
        {
          code: 201,
          body: {
            spec: { resources: { requests: { cpu: '500m', memory: '1Gi' } } },
            status: { qosClass: 'Burstable' },
          },
        },
      ),
    ],
  },
];
