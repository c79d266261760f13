/** A change to a workload that its controller has not taken up. */
import { refOf, timeOf, type KubeObject } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { forText } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

type Observed = KubeObject & { readonly status?: { readonly observedGeneration?: number } };

interface Lag {
  readonly workload: Observed;
  readonly generation: number;
  readonly observed: number;
  /** Epoch ms of the change; `undefined` when the object does not say. */
  readonly changedAt: number | undefined;
}

/** Facts: generation, observed. */
export const rule: Rule = {
  code: 'workload-not-observed',
  title: 'Controller has not taken up a change',
  severity: 'medium',
  explanation:
    'The generation of the spec is ahead of the one that the controller has observed, for longer than the grace period: the ' +
    'controller manager is down, overloaded or refused, and nothing that is changed in the cluster takes effect. When the change ' +
    'was made is read from managedFields, which kubectl leaves out of what it prints by default; without it, two workloads at least must lag, as ' +
    'one may just have been caught in the instant between a change and its observation. The rule stays silent for manifests, which have no generation.',
  remediation: {
    class: 'investigate',
    text: 'See whether kube-controller-manager runs and holds its lease, and whether its requests are throttled or refused.',
  },
  aliases: { mixin: ['KubeDeploymentGenerationMismatch', 'KubeStatefulSetGenerationMismatch'] },
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
  },
};

/** Manifests have no generation, as it is the API server that counts it. */
function lagOf(workload: Observed): readonly Lag[] {
  const { generation, managedFields, creationTimestamp } = workload.metadata;
  const observed = workload.status?.observedGeneration ?? 0;
  if (generation === undefined || generation <= observed) return [];
  const writes = (managedFields ?? [])
    .filter(({ subresource = '' }) => subresource !== 'status')
    .map(({ time }) => timeOf(time))
    .filter((at) => at !== undefined);
  const first = observed === 0 ? timeOf(creationTimestamp) : undefined;
  return [{ workload, generation, observed, changedAt: writes.length > 0 ? Math.max(...writes) : first }];
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
