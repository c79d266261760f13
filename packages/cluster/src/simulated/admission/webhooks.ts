/**
 * Webhooks that must be asked: nobody answers in a simulation, so a webhook lets pass where its Service has ready endpoints, and refuses
 * where it has none and failing means refusing. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
import type { KindMap } from '../../model/kinds.ts';
import { matchesSelector, type LabelSelector } from '../../model/selector.ts';
import { apiError, type ApiError } from '../api/api-error.ts';
import {
  ENDPOINT_SLICES,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  NAMESPACES,
  SERVICES,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { AdmissionContext } from './admission-context.ts';

type Configuration = KindMap['ValidatingWebhookConfiguration'] | KindMap['MutatingWebhookConfiguration'];
type Webhook = NonNullable<Configuration['webhooks']>[number];
type Types = typeof VALIDATING_WEBHOOK_CONFIGURATIONS | typeof MUTATING_WEBHOOK_CONFIGURATIONS;

export function mutatingWebhooks(context: AdmissionContext): AdmissionPlugin {
  const ask = asking(context, MUTATING_WEBHOOK_CONFIGURATIONS);
  return {
    name: 'MutatingAdmissionWebhook',
    mutate(admission) {
      ask(admission);
      return admission.object;
    },
  };
}

export function validatingWebhooks(context: AdmissionContext): AdmissionPlugin {
  return { name: 'ValidatingAdmissionWebhook', validate: asking(context, VALIDATING_WEBHOOK_CONFIGURATIONS) };
}

function asking({ store, unread, behaviours }: AdmissionContext, type: Types): (admission: Admission) => void {
  // Whether a Service answers cannot be told where its endpoints were not recorded.
  const isUnread = unread.has('/Service') || unread.has('discovery.k8s.io/EndpointSlice');
  return (admission) => {
    if (isUnread || store.count(type) === 0 || admission.type.group === 'admissionregistration.k8s.io') return;
    const configurations = [...store.list<Configuration>(type as typeof VALIDATING_WEBHOOK_CONFIGURATIONS)];
    configurations.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const { webhooks = [] } of configurations)
      for (const webhook of webhooks) {
        if (!isAbout(webhook, admission, store)) continue;
        const failure = failureOf(webhook, store, behaviours?.webhook?.(webhook.name).callError);
        if (failure !== undefined && webhook.failurePolicy !== 'Ignore') throw failure;
      }
  };
}

function isAbout(webhook: Webhook, admission: Admission, store: ObjectStore): boolean {
  const { object, previous, type, namespace } = admission;
  if (!(webhook.rules ?? []).some((rule) => matchesRule(rule, admission))) return false;
  const isOwn = type.kind === 'Namespace' && type.group === '';
  const labels = isOwn ? object.metadata.labels : store.get(NAMESPACES, '', namespace)?.metadata.labels;
  if ((namespace !== '' || isOwn) && !selects(webhook.namespaceSelector, labels)) return false;
  return [object, previous].some((one) => one !== undefined && selects(webhook.objectSelector, one.metadata.labels));
}

function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  return selector === undefined || matchesSelector(selector, labels ?? {});
}

/** With what the types of 1.30 leave out. */
type Rule = NonNullable<Webhook['rules']>[number] & { readonly resources?: readonly string[]; readonly scope?: string };

function matchesRule(rule: Rule, { type, operation, subresource, namespace }: Admission): boolean {
  const names = (list: readonly string[] | undefined, name: string) =>
    (list ?? []).some((one) => one === '*' || one === name);
  if (!names(rule.operations, operation) || !names(rule.apiGroups, type.group)) return false;
  if (!names(rule.apiVersions, type.version)) return false;
  if (rule.scope === 'Cluster' && namespace !== '') return false;
  if (rule.scope === 'Namespaced' && namespace === '') return false;
  return (rule.resources ?? []).some((resource) => matchesResource(resource, type.plural, subresource));
}

/** `pods`, `pods/status`, `pods/*`, `*`, which means no subresources, and `*\/*`. */
function matchesResource(resource: string, plural: string, subresource: string): boolean {
  const [name = '', sub = ''] = resource.split('/');
  return (name === '*' || name === plural) && (sub === '*' || sub === subresource);
}

/** Why a webhook cannot be asked. */
function failureOf(webhook: Webhook, store: ObjectStore, callError: string | undefined): ApiError | undefined {
  const { service } = webhook.clientConfig ?? {};
  if (service === undefined) return undefined;
  const { name, namespace, path = '', port = 443 } = service;
  const why = unreachable(store, namespace, name) ?? callError;
  if (why === undefined) return undefined;
  const url = `https://${name}.${namespace}.svc:${port}${path}?timeout=${webhook.timeoutSeconds ?? 10}s`;
  const message = `failed calling webhook "${webhook.name}": failed to call webhook: Post "${url}": ${why}`;
  return apiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

function unreachable(store: ObjectStore, namespace: string, name: string): string | undefined {
  if (store.get(SERVICES, namespace, name) === undefined) return `service "${name}" not found`;
  for (const slice of store.list(ENDPOINT_SLICES, namespace)) {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== name) continue;
    if ((slice.endpoints ?? []).some(({ conditions }) => conditions?.ready !== false)) return undefined;
  }
  return `no endpoints available for service "${name}"`;
}
