/**
 * Admission webhooks that are served from inside the cluster: what they cover, and whether anything answers.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
import { matchesSelector, type ClusterSnapshot, type KindMap, type LabelSelector } from '@aia/cluster';
import { livingOf } from '../workloads/workload-templates.ts';
import type { Examination } from '../examination.ts';
import { backendOf, type Backend } from '../services/service-backend.ts';

export type WebhookConfiguration = KindMap['MutatingWebhookConfiguration'] | KindMap['ValidatingWebhookConfiguration'];
type TypedWebhook = NonNullable<WebhookConfiguration['webhooks']>[number];

/** Fields that the package of types lacks; their shapes are those of `shapes.ts`. */
interface WebhookRule {
  readonly apiGroups?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}
type Webhook = Omit<TypedWebhook, 'rules'> & {
  readonly rules?: readonly WebhookRule[];
  readonly matchConditions?: readonly unknown[];
};

/** What is refused while a webhook that must answer does not. */
export type Reach = 'nothing' | 'other objects' | 'workloads' | 'some pods' | 'pods';

/** One webhook of a configuration. */
export interface WebhookView {
  readonly name: string;
  /** Place in `webhooks`. */
  readonly at: number;
  /** Requests are let through when it does not answer. */
  readonly isIgnored: boolean;
  readonly reach: Reach;
  /** Pods that are made in its own namespace fall under it too. */
  readonly coversItself: boolean;
}

/** The webhooks of one configuration that one port of one Service serves. */
export interface ServedWebhooks {
  readonly configuration: WebhookConfiguration;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly backend: Backend;
  readonly webhooks: readonly WebhookView[];
}

const known = new WeakMap<Examination, readonly ServedWebhooks[]>();

/** All of them, in the order of the configurations; webhooks that are called by a URL are not among them. */
export function servedWebhooks(examination: Examination): readonly ServedWebhooks[] {
  let served = known.get(examination);
  if (served === undefined) {
    served = configurationsOf(examination).flatMap((configuration) => servedBy(examination.snapshot, configuration));
    known.set(examination, served);
  }
  return served;
}

/** A webhook by its name, wherever it is served. */
export interface ConfiguredWebhook {
  readonly configuration: WebhookConfiguration;
  /** `namespace/name` and what stands behind; absent where it is called by a URL. */
  readonly service?: string;
  readonly backend?: Backend;
}

/** All webhooks by name; of two that share one, the first. */
export function configuredWebhooks(examination: Examination): ReadonlyMap<string, ConfiguredWebhook> {
  const found = new Map<string, ConfiguredWebhook>();
  const add = (name: string, webhook: ConfiguredWebhook): void => {
    if (!found.has(name)) found.set(name, webhook);
  };
  for (const { configuration, namespace, service, backend, webhooks } of servedWebhooks(examination))
    for (const { name } of webhooks) add(name, { configuration, service: `${namespace}/${service}`, backend });
  for (const configuration of configurationsOf(examination))
    for (const { name } of configuration.webhooks ?? []) add(name, { configuration });
  return found;
}

function configurationsOf(examination: Examination): readonly WebhookConfiguration[] {
  return [
    ...livingOf(examination, 'MutatingWebhookConfiguration'),
    ...livingOf(examination, 'ValidatingWebhookConfiguration'),
  ];
}

function servedBy(snapshot: ClusterSnapshot, configuration: WebhookConfiguration): readonly ServedWebhooks[] {
  const numbered = (configuration.webhooks ?? []).map((webhook, at) => ({ webhook, at }));
  const groups = Map.groupBy(numbered, ({ webhook }) => {
    const { namespace, name, port = 443 } = webhook.clientConfig?.service ?? {};
    return namespace === undefined || name === undefined ? '' : `${namespace}/${name}/${port}`;
  });
  groups.delete('');
  return [...groups].map(([key, group]) => {
    const [namespace = '', name = '', port = ''] = key.split('/');
    return {
      configuration,
      namespace,
      service: name,
      port: Number(port),
      backend: backendOf(snapshot, { namespace, name, port: Number(port) }),
      webhooks: group.map(({ webhook, at }) => viewOf(snapshot, webhook, at, namespace)),
    };
  });
}

function viewOf(snapshot: ClusterSnapshot, webhook: Webhook, at: number, namespace: string): WebhookView {
  const reach = reachOf(snapshot, webhook);
  return {
    name: webhook.name,
    at,
    // What is not said is Fail since v1; v1beta1 defaulted it and stored the default.
    isIgnored: webhook.failurePolicy === 'Ignore',
    reach,
    coversItself: (reach === 'pods' || reach === 'some pods') && covers(snapshot, webhook.namespaceSelector, namespace),
  };
}

function reachOf(snapshot: ClusterSnapshot, webhook: Webhook): Reach {
  const { rules = [], namespaceSelector, objectSelector, matchConditions = [] } = webhook;
  const namespaces = snapshot.list('Namespace').map(({ metadata }) => metadata.name);
  const covered = namespaces.filter((name) => covers(snapshot, namespaceSelector, name));
  if (namespaces.length > 0 && covered.length === 0 && rules.every(({ scope }) => scope === 'Namespaced'))
    return 'nothing';
  const isPartial = isOptIn(objectSelector) || matchConditions.length > 0;
  const isSystemOnly = namespaces.length > 0 && covered.every((name) => name.startsWith('kube-'));
  if (rules.some((rule) => includes(rule, [''], ['pods', '*', '*/*'])))
    return isPartial || isSystemOnly ? 'some pods' : 'pods';
  return rules.some((rule) => includes(rule, ['apps', 'batch'], WORKLOADS)) ? 'workloads' : 'other objects';
}

const WORKLOADS = ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', '*', '*/*'];

/** A selector that only names what is left out takes in everything else. */
function isOptIn(selector: LabelSelector | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return (
    Object.keys(matchLabels).length > 0 ||
    matchExpressions.some(({ operator }) => operator === 'In' || operator === 'Exists')
  );
}

function includes(
  { apiGroups = [], operations = [], resources = [] }: WebhookRule,
  groups: readonly string[],
  names: readonly string[],
): boolean {
  const isMade = operations.length === 0 || operations.some((operation) => operation === 'CREATE' || operation === '*');
  return (
    isMade &&
    apiGroups.some((group) => group === '*' || groups.includes(group)) &&
    resources.some((resource) => names.includes(resource))
  );
}

/** A namespace always has the label of its name, https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
function covers(snapshot: ClusterSnapshot, selector: LabelSelector | undefined, namespace: string): boolean {
  if (selector === undefined) return true;
  const labels = snapshot.get('Namespace', '', namespace)?.metadata.labels;
  return matchesSelector(selector, { ...labels, 'kubernetes.io/metadata.name': namespace });
}
