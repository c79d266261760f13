/** Has what serves an aggregated API, as that of metrics, started again. */
import { refOf, refText, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { named } from '../../effects/named.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const METRICS = 'v1beta1.metrics.k8s.io';

/** For APIServices that do not answer. */
export const restoreApiService: ActionKind = {
  kind: 'restore-api-service',
  title: 'Restore an API service',
  explanation:
    'Restarts the Deployment behind the Service that an APIService names. Where none is there, a person has to install it: on Google Kubernetes Engine the metrics server comes with the cluster and is repaired by the control plane.',
  capability: 'coordination',
  prior: { alpha: 6, beta: 4, basis: 'what fails may be the way from the control plane to it' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('metrics-server-absent', 'api-service-unavailable', 'hpa-metrics-unavailable')
      .map((cause) => remedyFor(cause, planning)),
};

interface ServiceName {
  readonly namespace?: string;
  readonly name?: string;
}

interface ApiService {
  readonly spec?: { readonly service?: ServiceName };
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy {
  const service = apiServiceOf(cause, planning);
  const backend = backendOf(service?.spec?.service ?? METRICS_SERVER, planning);
  return backend === undefined ? asked(cause, service) : restarted(cause, backend, planning);
}

function apiServiceOf({ resource }: AssessedRootCause, planning: Planning): (KubeObject & ApiService) | undefined {
  const own = resource.kind === 'APIService' ? planning.object(resource) : undefined;
  const metrics: ResourceRef = { group: 'apiregistration.k8s.io', kind: 'APIService', namespace: '', name: METRICS };
  return (own ?? planning.object(metrics)) as (KubeObject & ApiService) | undefined;
}

/** What serves metrics where the APIService was not read. */
const METRICS_SERVER = { namespace: 'kube-system', name: 'metrics-server' } as const;

/** The Deployment whose pods the Service selects. */
function backendOf({ namespace = '', name = '' }: ServiceName, { snapshot }: Planning): KubeObject | undefined {
  const selector = Object.entries(snapshot.get('Service', namespace, name)?.spec?.selector ?? {});
  if (selector.length === 0) return undefined;
  return snapshot.listIn('Deployment', namespace).find((one) => {
    const labels = templateOf(one)?.labels ?? {};
    return selector.every(([key, value]) => labels[key] === value);
  });
}

function restarted(cause: AssessedRootCause, backend: KubeObject, { snapshot }: Planning): Remedy {
  const target = refOf(backend);
  const title = `Restart ${refText(target)}`;
  const annotations = { [RESTARTED]: new Date(snapshot.observedAt).toISOString() };
  const patch = { spec: { template: { metadata: { annotations } } } };
  const draft: ActionDraft = {
    ...{ kind: restoreApiService.kind, title, target },
    reason: `${cause.title}. ${refText(target)} is what serves it.`,
    evidence: cause.evidence.slice(0, 3),
    confidence: 0.6,
    changes: [{ kind: 'patch', target, patch: { type: 'strategic', patch } }],
    commands: [`kubectl rollout restart ${named(target)}`],
  };
  return { title, resolves: [cause.id], fit: 0.7, drafts: [draft] };
}

function asked(cause: AssessedRootCause, service: KubeObject | undefined): Remedy {
  const target = service === undefined ? cause.resource : refOf(service);
  const title = `Have ${refText(target)} answer again`;
  const instruction = `Read the condition Available of ${refText(target)} and the events of kube-system. On Google Kubernetes Engine the metrics server is part of the cluster: see that its pods run and that the firewall lets the control plane reach the nodes on port 10250, and restart Deployment kube-system/metrics-server-*. Elsewhere install metrics-server.`;
  const draft: ActionDraft = {
    ...{ kind: restoreApiService.kind, title, target, confidence: 0.5 },
    reason: `${cause.title}. What serves it was not read, so what is wrong there is for a person to see.`,
    evidence: cause.evidence.slice(0, 3),
    changes: [{ kind: 'manual', instruction }],
  };
  return { title, resolves: [cause.id], fit: 0.45, drafts: [draft] };
}
