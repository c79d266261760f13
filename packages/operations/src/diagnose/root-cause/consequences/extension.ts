/** What follows from findings about webhooks, aggregated APIs and custom resources, and what brings these about. */
import { refOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { fieldAt } from '../../open-fields.ts';
import { servicesSelecting } from '../../services/selecting-services.ts';
import { text, texts, type FindingIndex } from '../finding-index.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

/** Findings that name, in the fact `service`, the Service that serves an extension. */
const SERVED = ['webhook-backend-unavailable', 'api-service-unavailable', 'metrics-server-absent'] as const;

export const EXTENSION_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: WORKLOAD_SYMPTOMS,
    relation: 'no pod behind the Service that serves the extension is ready',
    effects: servedBy,
  },
  {
    from: POD_FAILURES,
    relation: 'the pod behind the Service that serves the extension is not ready',
    effects: (finding, findings, snapshot) =>
      isLone(finding, findings, snapshot) ? servedBy(finding, findings, snapshot) : [],
  },
  {
    from: ['webhook-backend-unavailable', 'webhook-failing'],
    relation: 'an admission webhook that must answer does not, so that nothing it covers can be created',
    effects: (finding, findings) => {
      const webhooks = texts(finding, 'webhooks');
      return findings
        .ofCode('replica-creation-failed')
        .filter((other) => text(other, 'cause') === 'webhook-unreachable' && webhooks.includes(text(other, 'name')));
    },
  },
  {
    from: ['webhook-backend-unavailable', 'webhook-failing'],
    relation: 'what is left in a namespace cannot be deleted while a webhook that must be asked does not answer',
    effects: (finding, findings) => {
      const webhooks = texts(finding, 'webhooks');
      return findings
        .ofCode('namespace-stuck-terminating')
        .filter((other) => webhooks.includes(text(other, 'webhook')));
    },
  },
  {
    from: ['api-service-unavailable'],
    relation: 'an autoscaler cannot count without the API that serves its metrics',
    effects: (finding, findings) => {
      const served = /^v\w+\.(?:(custom|external)\.)?metrics\.k8s\.io$/.exec(finding.resource.name);
      return findings
        .ofCode('hpa-metrics-unavailable')
        .filter((other) => served !== null && text(other, 'api') === (served[1] ?? 'resource'));
    },
  },
  {
    from: ['api-service-unavailable', 'metrics-server-absent'],
    relation: 'a namespace is only deleted once every API has been asked what is left in it',
    effects: (finding, findings) =>
      findings
        .ofCode('namespace-stuck-terminating')
        .filter((other) => texts(other, 'apis').includes(finding.resource.name)),
  },
];

/** Findings about extensions whose Service selects what the finding is about. */
function servedBy({ resource }: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const served = findings
    .ofCode(...SERVED)
    .filter((other) => text(other, 'service').startsWith(`${resource.namespace}/`));
  if (served.length === 0) return [];
  const labels = podLabels(snapshot.resolve(resource));
  const services = new Set(
    servicesSelecting(snapshot, resource.namespace, labels).map(
      ({ metadata }) => `${resource.namespace}/${metadata.name}`,
    ),
  );
  return served.filter((other) => services.has(text(other, 'service')));
}

/** The labels of a pod, or of those that a workload makes. */
function podLabels(object: KubeObject | undefined): Readonly<Record<string, string>> {
  if (object?.kind === 'Pod') return object.metadata.labels ?? {};
  const labels = fieldAt(object, 'spec.template.metadata.labels');
  return typeof labels === 'object' && labels !== null ? (labels as Readonly<Record<string, string>>) : {};
}

/** A pod about whose workload nothing is said speaks for itself. */
function isLone({ resource }: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): boolean {
  const pod = resource.kind === 'Pod' ? snapshot.get('Pod', resource.namespace, resource.name) : undefined;
  return pod !== undefined && findings.about(refOf(snapshot.rootOwnerOf(pod)), ...WORKLOAD_SYMPTOMS).length === 0;
}
