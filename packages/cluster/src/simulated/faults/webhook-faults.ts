/** Webhooks that must be asked and do not answer. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/ */
import { NAMESPACES, VALIDATING_WEBHOOK_CONFIGURATIONS } from '../api/built-in-types.ts';
import { CLUSTER_CA } from '../control-plane/cluster-ca.ts';
import { entityOf } from '../entity.ts';
import type { FaultKind, Parameter } from './fault.ts';
import { NoTargetError } from './no-target-error.ts';
import type { FaultSite } from './fault-site.ts';

const SOURCE =
  'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy';
/** By when its own pods are there. */
const STARTED_MS = 60_000;

/** What is wrong with a webhook. */
interface WebhookRow extends Pick<FaultKind, 'name' | 'summary'> {
  readonly classes: readonly string[];
  readonly remedy: string;
  /** What is left of the program behind it; default its Service and its pods. */
  readonly left?: 'nothing' | 'service';
  /** Why calls of it fail, where pods are ready behind its Service. */
  readonly callError?: string;
}

const SCOPE: Parameter = {
  type: 'choice',
  summary: 'whose pods it must be asked about',
  choices: ['namespace', 'cluster'],
  default: 'namespace',
};

const ROWS: readonly WebhookRow[] = [
  {
    name: 'webhook-left-behind',
    summary: 'A policy controller was removed, and its webhook, which must be asked about every pod, was left behind.',
    classes: ['webhook-unreachable', 'webhook-backend-unavailable'],
    remedy: 'Delete the webhook configuration, or install what answers it.',
    left: 'nothing',
  },
  {
    name: 'webhook-down',
    summary: 'The pods of a policy controller were scaled to none, and its webhook must be asked about every pod.',
    classes: ['webhook-unreachable', 'webhook-backend-unavailable', 'workload-scaled-to-zero'],
    remedy: 'Scale the controller up again, or let the webhook fail open.',
    left: 'service',
  },
  {
    name: 'webhook-times-out',
    summary: 'A firewall lets the control plane not reach the port of a webhook that must be asked about every pod.',
    classes: ['webhook-unreachable', 'webhook-failing'],
    remedy: 'Let the control plane reach the webhook on its port, or let the webhook fail open.',
    callError: 'context deadline exceeded',
  },
  {
    name: 'webhook-ca-wrong',
    summary: 'The caBundle of a webhook is the CA of the cluster, and its certificate was signed by another.',
    classes: ['webhook-ca-mismatch', 'webhook-unreachable', 'webhook-failing'],
    remedy: 'Put the CA that signed the certificate of the webhook into its caBundle.',
    callError: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  },
];

export const WEBHOOK_FAULTS: readonly FaultKind[] = ROWS.map(webhookFault);

function webhookFault({ classes, remedy, left, callError, name, summary }: WebhookRow): FaultKind {
  return {
    ...{ name, family: 'policy', summary, source: SOURCE, parameters: { scope: SCOPE } },
    bring: (site, { scope }) => {
      const target = site.deployment();
      const home = freeHome(site);
      if (left !== 'nothing') install(site, home, left === 'service' ? 0 : 2);
      const watched = scope === 'cluster' ? undefined : (target.metadata.namespace ?? '');
      const configuration = site.create(configurationOf(home, watched));
      const takeBack =
        callError === undefined
          ? () => undefined
          : site.behave({ webhook: (one) => (one === webhookName(home) ? { callError } : undefined) });
      site.later(STARTED_MS, () => site.restart(target));
      return {
        truth: {
          entities: [
            ...[entityOf(configuration), `Service ${home}/policy-webhook`],
            ...(left === 'service' ? [`Deployment ${home}/policy-controller`] : []),
          ],
          classes,
        },
        touched: site.takeTouched(),
        settlesMs: 300_000 + STARTED_MS,
        remedy,
        repair: () => {
          takeBack();
          if (callError === undefined) site.remove(VALIDATING_WEBHOOK_CONFIGURATIONS, configuration);
        },
      };
    },
  };
}

/** Namespaces that such controllers live in; their configurations have the same names. */
const HOMES = ['policy-system', 'admission-guard', 'image-policy', 'pod-policy'];

function freeHome({ cluster: { api } }: FaultSite): string {
  const isFree = (home: string) =>
    api.store.get(VALIDATING_WEBHOOK_CONFIGURATIONS, '', home) === undefined &&
    api.store.get(NAMESPACES, '', home) === undefined;
  const home = HOMES.find(isFree);
  if (home === undefined) throw new NoTargetError('there are webhooks of all names already');
  return home;
}

function webhookName(home: string): string {
  return `validate.${home}.example.com`;
}

/** The program behind it. */
function install(site: FaultSite, namespace: string, replicas: number): void {
  const labels = { app: 'policy-controller' };
  const metadata = { name: 'policy-controller', namespace };
  const ports = [{ name: 'https', containerPort: 8443 }];
  const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } };
  const container = { name: 'controller', image: 'registry.example.com/policy-controller:3.2.1', ports, resources };
  site.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  site.create({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  });
  site.create({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'policy-webhook', namespace } },
    spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
  });
}

/** Asked about pods of one namespace, or of all but the cluster's own and its own. */
function configurationOf(home: string, watched: string | undefined) {
  const key = 'kubernetes.io/metadata.name';
  const expression =
    watched === undefined
      ? { key, operator: 'NotIn', values: ['kube-system', home] }
      : { key, operator: 'In', values: [watched] };
  const webhook = {
    name: webhookName(home),
    clientConfig: {
      service: { name: 'policy-webhook', namespace: home, path: '/validate', port: 443 },
      caBundle: btoa(CLUSTER_CA),
    },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    namespaceSelector: { matchExpressions: [expression] },
    ...{ failurePolicy: 'Fail', sideEffects: 'None', timeoutSeconds: 10, admissionReviewVersions: ['v1'] },
  };
  return {
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
    metadata: { name: home },
    webhooks: [webhook],
  };
}
