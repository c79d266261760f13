import type { ConformanceCase, Json } from '../conformance-case.ts';
import { container, creating, pod } from './creating.ts';

const SECURITY_PAGE = 'https://kubernetes.io/docs/concepts/security/pod-security-admission/';
const WEBHOOK_PAGE =
  'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy';

function namespace(labels: Json): Json {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } };
}

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

function webhook(more: Json): Json {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'gate' },
    webhooks: [
      {
        name: 'gate.example.com',
        clientConfig: { service: { name: 'gate', namespace: 'shop', path: '/check' } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  };
}

const GATE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'gate', namespace: 'shop' },
  spec: { selector: { app: 'gate' }, ports: [{ port: 443 }] },
};
/** For configurations of webhooks to be seen. */
const SOON = { passMs: 2000 };
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };

/** Pod Security Standards, and webhooks that cannot be asked. */
export const SECURITY_CASES: readonly ConformanceCase[] = [
  {
    name: 'a pod that says nothing of its security is not restricted enough',
    source: SECURITY_PAGE,
    namespaces: [],
    given: [namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' })],
    steps: [
      { passMs: 1000 },
      creating(pod(), {
        code: 403,
        reason: 'Forbidden',
        message:
          'pods "web" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
      }),
      creating(pod({ containers: [container({ securityContext: RESTRICTED })] }), { code: 201 }),
    ],
  },
  {
    name: 'a pod that reaches for its host is not within the baseline',
    source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    namespaces: [],
    given: [
      namespace({
        'pod-security.kubernetes.io/enforce': 'baseline',
        'pod-security.kubernetes.io/enforce-version': 'v1.34',
      }),
    ],
    steps: [
      { passMs: 1000 },
      creating(
        pod({
          hostNetwork: true,
          hostPID: true,
          volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }],
          containers: [
            container({ ports: [{ containerPort: 9100, hostPort: 9100 }] }),
            container({
              name: 'root',
              securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN', 'NET_ADMIN'] } },
            }),
          ],
        }),
        {
          code: 403,
          message:
            'pods "web" is forbidden: violates PodSecurity "baseline:v1.34": non-default capabilities (container "root" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add), host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volume "logs"), hostPort (container "app" uses hostPort 9100), privileged (container "root" must not set securityContext.privileged=true)',
        },
      ),
    ],
  },
  {
    name: 'workloads are made although their pods will not be',
    source: SECURITY_PAGE,
    namespaces: [],
    given: [namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' })],
    steps: [
      creating(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: 'web' } },
            template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container()] } },
          },
        },
        { code: 201 },
      ),
    ],
  },
  {
    name: 'a webhook whose Service has no endpoints refuses where failing means refusing',
    source: WEBHOOK_PAGE,
    given: [GATE, webhook({})],
    steps: [
      creating(SETTINGS, {
        code: 500,
        reason: 'InternalError',
        // What comes last depends on how the API server finds Services: by their endpoints, or by their cluster IPs.
        message:
          /^Internal error occurred: failed calling webhook "gate\.example\.com": failed to call webhook: Post "https:\/\/gate\.shop\.svc:443\/check\?timeout=10s": (no endpoints available for service "gate"|dial tcp .+|context deadline exceeded)$/,
      }),
    ],
  },
  {
    name: 'a webhook whose Service is not there refuses, and does not where failing is ignored or the namespace is left out',
    source: WEBHOOK_PAGE,
    given: [webhook({ failurePolicy: 'Ignore' })],
    steps: [
      creating(SETTINGS, { code: 201 }),
      { verb: 'delete', resource: 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations', name: 'gate' },
      creating(
        webhook({
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['shop'] }],
          },
        }),
        { code: 201, body: { webhooks: [{ failurePolicy: 'Fail', timeoutSeconds: 10, matchPolicy: 'Equivalent' }] } },
      ),
      SOON,
      creating({ ...SETTINGS, metadata: { name: 'more' } }, { code: 201 }),
      {
        verb: 'create',
        resource: 'v1/configmaps',
        namespace: 'default',
        body: SETTINGS,
        expect: {
          code: 500,
          message:
            'Internal error occurred: failed calling webhook "gate.example.com": failed to call webhook: Post "https://gate.shop.svc:443/check?timeout=10s": service "gate" not found',
        },
      },
    ],
  },
];
