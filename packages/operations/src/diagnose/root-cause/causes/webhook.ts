/**
 * Webhooks without a backend, by the Service that is to answer: several configurations that one Service serves have one cause,
 * and a webhook that refuses its own pods holds itself down.
 */
import { refText, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import { isSerious, type Finding } from '../../finding.ts';
import { fieldAt } from '../../open-fields.ts';
import { servicesSelecting } from '../../services/selecting-services.ts';
import { text, texts } from '../finding-index.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';

/** Only of findings that nothing else brings about, and of rings. */
export function explainByWebhook(roots: ReadonlySet<string>) {
  return ({ findings, examination: { snapshot } }: CauseContext): readonly Hypothesis[] => {
    const refused = findings
      .ofCode('replica-creation-failed')
      .filter((finding) => text(finding, 'cause') === 'webhook-unreachable');
    const groups = Map.groupBy(findings.ofCode('webhook-backend-unavailable'), (finding) => text(finding, 'service'));
    return [...groups].flatMap(([service, group]) => {
      const own = refused.filter((finding) => isBehind(finding, service, snapshot) && isRefusedBy(finding, group));
      if (own.length > 0 && group.every((finding) => text(finding, 'state') === 'no-pods'))
        return [deadlock(service, group, own)];
      const alone = group.filter(({ id }) => roots.has(id));
      return alone.length > 1 && alone.some(isSerious) ? [gone(service, alone)] : [];
    });
  };
}

function isRefusedBy(refused: Finding, group: readonly Finding[]): boolean {
  return group.some((finding) => texts(finding, 'webhooks').includes(text(refused, 'name')));
}

/** Whether the Service selects the pods that the workload would make. */
function isBehind({ resource }: Finding, service: string, snapshot: ClusterSnapshot): boolean {
  const labels = fieldAt(snapshot.resolve(resource), 'spec.template.metadata.labels');
  if (typeof labels !== 'object' || labels === null) return false;
  return servicesSelecting(snapshot, resource.namespace, labels as Readonly<Record<string, string>>).some(
    ({ metadata }) => `${resource.namespace}/${metadata.name}` === service,
  );
}

function deadlock(service: string, group: readonly Finding[], own: readonly Finding[]): Hypothesis {
  const resource = group[0]?.resource ?? serviceRef(service);
  const workload = own.map((finding) => refText(finding.resource)).join(', ');
  return {
    class: 'webhook-blocks-itself',
    resource,
    title: `${refText(resource)} refuses the pods of its own backend ${workload}`,
    statement: `${refText(resource)} must be asked before a pod is created, and ${workload}, which is to answer, has no pod left: its new pods are refused by itself, so that it cannot come back and nothing that it covers can be created.`,
    effects: effectsOn([...group, ...own], 'the webhook waits for pods that it refuses'),
    evidence: [...own, ...group].flatMap((finding) => finding.evidence.slice(0, 2)),
    weighings: [
      {
        observation: "the API server names this webhook in the refusal of the webhook's own pods",
        ratio: STRENGTH.stated,
      },
    ],
    remediation: {
      class: 'change-access',
      text: 'Set the failurePolicy of the webhook to Ignore (or delete the configuration) until its pods are ready, then restore it with a namespaceSelector that leaves its own namespace out.',
    },
  };
}

function gone(service: string, group: readonly Finding[]): Hypothesis {
  const configurations = group.map((finding) => refText(finding.resource)).join(' and ');
  return {
    class: 'webhook-backend-unavailable',
    resource: serviceRef(service),
    title: `Nothing answers behind Service ${service}, which serves admission webhooks`,
    statement: `${configurations} are served by Service ${service}. ${group[0]?.message ?? ''}`,
    effects: effectsOn(group, 'the webhook is served by this Service'),
    evidence: group.flatMap((finding) => finding.evidence.slice(0, 3)).slice(0, 6),
    weighings: [{ observation: 'observed directly', ratio: STRENGTH.measured }],
    remediation: {
      class: 'repair-network',
      text: 'Bring back what serves the webhooks, or delete their configurations where it has been removed.',
    },
  };
}

function serviceRef(key: string): ResourceRef {
  const [namespace = '', name = ''] = key.split('/');
  return { group: '', kind: 'Service', namespace, name };
}
