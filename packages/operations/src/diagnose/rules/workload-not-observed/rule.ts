/** A change to a workload that its controller has not taken up. */
import { refOf, timeOf, type Deployment, type KubeObject } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

type Observed = KubeObject & { readonly status?: { readonly observedGeneration?: number } };

interface Lag {
  readonly workload: Observed;
  readonly generation: number;
  readonly observed: number;
  /** Epoch ms of the change; `undefined` when the object does not say. */
  readonly changedAt: number | undefined;
}

/** Facts: generation, observed; of a surplus desired, replicas. */
export const rule: Rule = {
  code: 'workload-not-observed',
  title: 'Controller has not taken up a change',
  severity: 'medium',
  explanation:
    'The generation of the spec is ahead of the one that the controller has observed, for longer than the grace period: the ' +
    'controller manager is down, overloaded or refused, and nothing that is changed in the cluster takes effect. When the change ' +
    'was made is read from managedFields, which kubectl leaves out of what it prints by default; without it, two workloads at least must lag, as ' +
    'one may just have been caught in the instant between a change and its observation. It is low where a Deployment merely has ' +
    'more replicas than it is to have and than its surge allows: it was not yet, or cannot be, scaled down. The rule stays silent for manifests, which have no generation.',
  remediation: {
    class: 'investigate',
    text: 'See whether kube-controller-manager runs and holds its lease, and whether its requests are throttled or refused.',
  },
  aliases: {
    k8sgpt: ['Deployment/2'],
    mixin: ['KubeDeploymentGenerationMismatch', 'KubeStatefulSetGenerationMismatch'],
  },
  needs: [],
  *check(examination) {
    const lags = (['DaemonSet', 'Deployment', 'StatefulSet'] as const)
      .flatMap((kind): readonly Observed[] => livingOf(examination, kind))
      .flatMap(lagOf);
    const undated = lags.filter(({ changedAt }) => changedAt === undefined).length;
    for (const lag of lags) {
      if (lag.changedAt === undefined ? undated < 2 : examination.now - lag.changedAt < examination.thresholds.graceMs)
        continue;
      yield draftOf(examination, lag);
    }
    const lagging = new Set(lags.map(({ workload }) => workload));
    for (const deployment of livingOf(examination, 'Deployment'))
      if (!lagging.has(deployment) && hasSurplus(examination, deployment)) yield surplusOf(deployment);
  },
};

/** Manifests have no generation, as it is the API server that counts it. */
function lagOf(workload: Observed): readonly Lag[] {
  const { generation, creationTimestamp } = workload.metadata;
  const observed = workload.status?.observedGeneration ?? 0;
  if (generation === undefined || generation <= observed) return [];
  const first = observed === 0 ? timeOf(creationTimestamp) : undefined;
  return [{ workload, generation, observed, changedAt: changedAt(workload) ?? first }];
}

/** Epoch ms of the last change by anybody but a controller's report. */
function changedAt({ metadata }: KubeObject): number | undefined {
  const writes = (metadata.managedFields ?? [])
    .filter(({ subresource = '' }) => subresource !== 'status')
    .map(({ time }) => timeOf(time))
    .filter((at) => at !== undefined);
  return writes.length > 0 ? Math.max(...writes) : undefined;
}

function draftOf(examination: Examination, { workload, generation, observed, changedAt }: Lag) {
  const { namespace = '', name } = workload.metadata;
  return {
    resource: refOf(workload),
    message: `${workload.kind} ${namespace}/${name} was changed to generation ${generation}, but its controller has stood at generation ${observed}${forText(examination, changedAt)}.`,
    evidence: [
      fieldEvidence(workload, 'metadata.generation', generation),
      fieldEvidence(workload, 'status.observedGeneration', observed),
    ],
    facts: { generation, observed },
    since: changedAt,
  };
}

/** More replicas than wanted, beyond what a rollout may add for its time. */
function hasSurplus(examination: Examination, deployment: Deployment): boolean {
  const wanted = wantedReplicas(deployment);
  const age = examination.now - (changedAt(deployment) ?? -Infinity);
  return (
    age >= examination.thresholds.graceMs && (deployment.status?.replicas ?? 0) > wanted + surgeOf(deployment, wanted)
  );
}

/** By default a quarter, rounded up; https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge */
function surgeOf({ spec }: Deployment, wanted: number): number {
  if (spec?.strategy?.type === 'Recreate') return 0;
  const surge = spec?.strategy?.rollingUpdate?.maxSurge ?? '25%';
  if (typeof surge === 'number') return surge;
  const share = Number.parseFloat(surge);
  return surge.endsWith('%') ? Math.ceil((wanted * share) / 100) : share;
}

function surplusOf(deployment: Deployment): FindingDraft {
  const { namespace = '', name } = deployment.metadata;
  const [desired, replicas] = [wantedReplicas(deployment), deployment.status?.replicas ?? 0];
  return {
    resource: refOf(deployment),
    severity: 'low',
    message: `Deployment ${namespace}/${name} is to have ${desired} ${desired === 1 ? 'replica' : 'replicas'} and has ${replicas}, more than a rollout may add; it has not been scaled down.`,
    evidence: [
      fieldEvidence(deployment, 'spec.replicas', desired),
      fieldEvidence(deployment, 'status.replicas', replicas),
    ],
    facts: { desired, replicas },
  };
}
