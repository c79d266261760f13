/** Causes for pods that were refused at creation, where no pod exists to look at. */
import { refText, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';
import { text, texts } from '../finding-index.ts';
import { partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { quotaOutcomes } from './creation-outcome.ts';

/** What a refusal at creation comes down to. */
export interface CreationCause {
  readonly class: string;
  /** Kind and group of the object at fault; the `name` fact names it. */
  readonly kind: string;
  readonly group: string;
  readonly title: (resource: ResourceRef) => string;
  readonly why: string;
  readonly remediation: readonly [RemediationClass, string];
}

/** By the cause that the refusal names. */
export const CREATION_CAUSES: Readonly<Record<string, CreationCause>> = {
  quota: {
    class: 'namespace-quota-exhausted',
    kind: 'ResourceQuota',
    group: '',
    title: (resource) => `${refText(resource)} leaves no room for further pods`,
    why: 'the namespace has used up its ResourceQuota, so the API server refuses the pods and none is ever Pending',
    remediation: ['raise-quota', "Raise the namespace's quota, or lower the requests of what runs in it."],
  },
  'quota-needs-values': {
    class: 'namespace-quota-needs-values',
    kind: 'ResourceQuota',
    group: '',
    title: (resource) => `${refText(resource)} demands requests or limits that the pods do not state`,
    why: 'a ResourceQuota on a resource makes stating it compulsory, and the containers do not',
    remediation: ['resize-requests', 'State the requests and limits, or give defaults through a LimitRange.'],
  },
  'limit-range': {
    class: 'limit-range-violated',
    kind: 'LimitRange',
    group: '',
    title: (resource) => `${refText(resource)} refuses the pods' requests or limits`,
    why: "the pods' requests or limits lie outside the namespace's LimitRange",
    remediation: ['resize-requests', 'Bring requests and limits into the range, or change the LimitRange.'],
  },
  'pod-security': {
    class: 'pod-security-violated',
    kind: 'Namespace',
    group: '',
    title: () => 'Pod Security admission refuses the pods',
    why: "the pod template violates the namespace's Pod Security level",
    remediation: [
      'change-access',
      'Harden the template as the message says, or choose another level for the namespace.',
    ],
  },
  'webhook-denied': {
    class: 'webhook-denies',
    kind: 'ValidatingWebhookConfiguration',
    group: 'admissionregistration.k8s.io',
    title: (resource) => `Admission webhook ${resource.name} denies the pods`,
    why: 'an admission webhook denies the request',
    remediation: ['change-access', "Meet the policy that the webhook's message names."],
  },
  'webhook-unreachable': {
    class: 'webhook-unreachable',
    kind: 'ValidatingWebhookConfiguration',
    group: 'admissionregistration.k8s.io',
    title: (resource) => `Admission webhook ${resource.name} does not answer`,
    why: 'an admission webhook that must answer cannot be reached, so nothing that it covers can be created',
    remediation: [
      'repair-network',
      "Bring the webhook's pods back, or set its failurePolicy to Ignore while it is down.",
    ],
  },
  'service-account-missing': {
    class: 'service-account-missing',
    kind: 'ServiceAccount',
    group: '',
    title: (resource) => `${refText(resource)} does not exist`,
    why: 'the pod template names a ServiceAccount that does not exist',
    remediation: ['restore-configuration', 'Create the ServiceAccount, or name one that exists.'],
  },
  'priority-class-missing': {
    class: 'priority-class-missing',
    kind: 'PriorityClass',
    group: 'scheduling.k8s.io',
    title: (resource) => `PriorityClass ${resource.name} does not exist`,
    why: 'the pod template names a PriorityClass that does not exist',
    remediation: ['restore-configuration', 'Create the PriorityClass, or name one that exists.'],
  },
};

/** Only refusals that no other finding brings about: a webhook is silent because its own pods fail. */
export function explainByCreation(roots: ReadonlySet<string>) {
  return ({ findings, examination }: CauseContext): readonly Hypothesis[] => {
    const refused = findings
      .ofCode('replica-creation-failed')
      .filter((finding) => roots.has(finding.id) && Object.hasOwn(CREATION_CAUSES, text(finding, 'cause')));
    return refusals(refused, findings.ofCode('namespace-quota-exhausted'), examination.snapshot);
  };
}

function refusals(
  refused: readonly Finding[],
  quotas: readonly Finding[],
  snapshot: ClusterSnapshot,
): readonly Hypothesis[] {
  const groups = Map.groupBy(refused, (finding) =>
    [text(finding, 'cause'), finding.resource.namespace, nameOf(finding)].join('\n'),
  );
  return [...groups.values()].flatMap((group) => refusal(group, quotas, snapshot) ?? []);
}

function nameOf(finding: Finding): string {
  return text(finding, 'name') || text(finding, 'quota');
}

function refusal(
  group: readonly Finding[],
  quotas: readonly Finding[],
  snapshot: ClusterSnapshot,
): Hypothesis | undefined {
  const [first] = group;
  const cause = first === undefined ? undefined : CREATION_CAUSES[text(first, 'cause')];
  if (first === undefined || cause === undefined) return undefined;
  const resource = resourceOf(cause, first);
  const full = quotas.filter(
    (finding) => finding.resource.namespace === resource.namespace && finding.resource.name === resource.name,
  );
  const resources = [...new Set(group.flatMap((finding) => texts(finding, 'resources')))].sort();
  const users = [...new Set(group.map((finding) => refText(finding.resource)))];
  return {
    class: cause.class,
    resource,
    title: cause.title(resource),
    statement: `${users.join(', ')} cannot create pods: ${cause.why}${resources.length === 0 ? '' : ` (${resources.join(', ')})`}.`,
    effects: [
      ...partsOf(full, 'the quota itself is used up'),
      ...group.map((finding) => ({ finding: finding.id, relation: cause.why, evidence: finding.evidence })),
    ],
    evidence: [...full.flatMap((finding) => finding.evidence), ...group.flatMap((finding) => finding.evidence)].slice(
      0,
      6,
    ),
    weighings: [
      { observation: 'the API server names the reason in its refusal', ratio: STRENGTH.stated },
      ...(full.length > 0 ? [{ observation: "the quota's status shows it used up", ratio: STRENGTH.typical }] : []),
    ],
    remediation: { class: cause.remediation[0], text: cause.remediation[1] },
    ...(text(first, 'cause') === 'quota' && { counterfactuals: () => quotaOutcomes(group, resource, snapshot) }),
  };
}

function resourceOf(cause: CreationCause, finding: Finding): ResourceRef {
  const { namespace } = finding.resource;
  if (cause.kind === 'Namespace') return { group: '', kind: 'Namespace', namespace: '', name: namespace };
  return {
    group: cause.group,
    kind: cause.kind,
    namespace: cause.group === '' ? namespace : '',
    name: nameOf(finding) || '(not named)',
  };
}
