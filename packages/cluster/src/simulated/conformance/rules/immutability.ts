import type { ConformanceCase, Expectation, Json, Step } from '../conformance-case.ts';
import { container, creating, deployment, job, pod, workload } from './creating.ts';

/** Creates, then changes by a merge patch, as controllers may have written to the object already. */
function changing(object: Json, resource: string, patch: Json, expect: Expectation): readonly Step[] {
  const name = String((object['metadata'] as Json)['name']);
  return [creating(object, { code: 201 }), { verb: 'patch', resource, namespace: 'shop', name, body: patch, expect }];
}

const invalid = (message: string | RegExp): Expectation => ({ code: 422, reason: 'Invalid', message });

const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'slow', resources: { requests: { storage: '2Gi' } } },
};

/** What cannot be changed once it is made. */
export const IMMUTABILITY_CASES: readonly ConformanceCase[] = [
  {
    name: 'the selector of a Deployment stays',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates',
    steps: changing(
      deployment({ selector: { matchLabels: { app: 'web' } } }),
      'apps/v1/deployments',
      {
        spec: {
          selector: { matchLabels: { app: 'web', tier: 'front' } },
          template: { metadata: { labels: { tier: 'front' } } },
        },
      },
      invalid(
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"front"}}: field is immutable',
      ),
    ),
  },
  {
    name: 'the service name of a StatefulSet stays',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
    steps: changing(
      workload('apps/v1', 'StatefulSet', { serviceName: 'web' }),
      'apps/v1/statefulsets',
      { spec: { serviceName: 'other' } },
      invalid(
        "StatefulSet.apps \"web\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    ),
  },
  {
    name: 'replicas and template of a StatefulSet may change',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies',
    steps: changing(
      workload('apps/v1', 'StatefulSet', { serviceName: 'web' }),
      'apps/v1/statefulsets',
      { spec: { replicas: 3, minReadySeconds: 5 } },
      { code: 200, body: { metadata: { generation: 2 } } },
    ),
  },
  {
    name: 'of a pod only images, deadlines and tolerations may change',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement',
    steps: [
      creating(pod(), { code: 201 }),
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'web',
        body: { spec: { hostname: 'other' } },
        expect: invalid(
          /^Pod "web" is invalid: spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`,`spec\.initContainers\[\*\]\.image`,`spec\.activeDeadlineSeconds`,`spec\.tolerations` \(only additions to existing tolerations\),`spec\.terminationGracePeriodSeconds` \(allow it to be set to 1 if it was previously negative\)\n/,
        ),
      },
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'web',
        body: { spec: { activeDeadlineSeconds: 60 } },
        expect: { code: 200, body: { spec: { activeDeadlineSeconds: 60 } } },
      },
    ],
  },
  {
    name: 'containers of a pod can neither be added nor taken away',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement',
    steps: changing(
      pod({ automountServiceAccountToken: false }),
      'v1/pods',
      { spec: { containers: [container(), container({ name: 'more' })] } },
      invalid('Pod "web" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers'),
    ),
  },
  {
    name: 'the completions of a Job that does not count by index stay',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#elastic-indexed-jobs',
    steps: changing(
      job(),
      'batch/v1/jobs',
      { spec: { completions: 3 } },
      invalid('Job.batch "sum" is invalid: spec.completions: Invalid value: 3: field is immutable'),
    ),
  },
  {
    name: 'an immutable ConfigMap stays as it is, and stays immutable',
    source: 'https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable',
    steps: changing(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, immutable: true, data: { a: 'b' } },
      'v1/configmaps',
      { immutable: false, data: { a: 'c' } },
      invalid(
        'ConfigMap "settings" is invalid: [immutable: Forbidden: field is immutable when `immutable` is set, data: Forbidden: field is immutable when `immutable` is set]',
      ),
    ),
  },
  {
    name: 'the type of a Secret stays',
    source: 'https://kubernetes.io/docs/concepts/configuration/secret/#secret-types',
    steps: changing(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' } },
      'v1/secrets',
      { type: 'example.com/own' },
      invalid('Secret "key" is invalid: type: Invalid value: "example.com/own": field is immutable'),
    ),
  },
  {
    name: 'a claim that is not bound cannot change',
    source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims',
    steps: changing(
      CLAIM,
      'v1/persistentvolumeclaims',
      { spec: { storageClassName: 'fast' } },
      invalid(
        /^PersistentVolumeClaim "data" is invalid: spec: Forbidden: spec is immutable after creation except resources\.requests and volumeAttributesClassName for bound claims\n/,
      ),
    ),
  },
  {
    name: 'the address of a Service stays',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#choosing-your-own-ip-address',
    steps: changing(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      },
      'v1/services',
      { spec: { clusterIP: '10.96.0.200', clusterIPs: ['10.96.0.200'] } },
      invalid('Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.200"]: may not change once set'),
    ),
  },
  {
    name: 'what a binding grants stays',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding-example',
    steps: [
      {
        verb: 'create',
        resource: 'rbac.authorization.k8s.io/v1/rolebindings',
        namespace: 'shop',
        keep: 'made',
        body: {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'read' },
          subjects: [{ kind: 'User', name: 'jane' }],
          roleRef: { kind: 'ClusterRole', name: 'view' },
        },
        expect: {
          body: {
            subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }],
            roleRef: { apiGroup: 'rbac.authorization.k8s.io' },
          },
        },
      },
      {
        verb: 'patch',
        resource: 'rbac.authorization.k8s.io/v1/rolebindings',
        namespace: 'shop',
        name: 'read',
        body: { roleRef: { name: 'edit' } },
        expect: invalid(
          /^RoleBinding\.rbac\.authorization\.k8s\.io "read" is invalid: roleRef: Invalid value: .*: cannot change roleRef$/,
        ),
      },
    ],
  },
  {
    name: 'a resize changes CPU and memory alone, takes nothing away and keeps the quality of service',
    source: 'https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/#limitations',
    steps: [
      creating(
        pod({
          containers: [
            container({ resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '300m' } } }),
          ],
        }),
        { code: 201 },
        'made',
      ),
      ...[
        {
          body: [{ op: 'replace', path: '/spec/containers/0/resources/requests/cpu', value: '200m' }],
          expect: {
            code: 200,
            body: { metadata: { generation: 2 }, spec: { containers: [{ resources: { requests: { cpu: '200m' } } }] } },
          },
        },
        {
          body: [{ op: 'replace', path: '/spec/containers/0/resources/requests/cpu', value: '500m' }],
          expect: invalid(
            'Pod "web" is invalid: spec.containers[0].resources.requests: Invalid value: "500m": must be less than or equal to cpu limit of 300m',
          ),
        },
        {
          body: [{ op: 'remove', path: '/spec/containers/0/resources/requests/memory' }],
          expect: invalid(
            'Pod "web" is invalid: spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
          ),
        },
        {
          body: [
            { op: 'replace', path: '/spec/containers/0/resources/requests/cpu', value: '300m' },
            { op: 'add', path: '/spec/containers/0/resources/limits/memory', value: '64Mi' },
          ],
          expect: invalid(
            'Pod "web" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
          ),
        },
      ].map((step) => ({
        verb: 'patch' as const,
        patchType: 'json' as const,
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'web',
        subresource: 'resize',
        ...step,
      })),
    ],
  },
];
