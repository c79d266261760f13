/** What a failed pod means to its Job. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy */
import type { ContainerStatus, Job, Pod } from '../../../model/kinds.ts';
import type { JobSpec } from './job-pods.ts';

type Rule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];
type ExitCodes = NonNullable<Rule['onExitCodes']>;

/** The rule's action, `undefined` where none matches; whether the failure counts; why the Job fails, where it does. */
export interface PolicyMatch {
  readonly action: string | undefined;
  readonly counts: boolean;
  readonly jobFailure?: string;
}

const NO_MATCH: PolicyMatch = { action: undefined, counts: true };

/** The first rule that matches decides. */
export function matchFailurePolicy({ spec }: Job, pod: Pod): PolicyMatch {
  for (const [index, rule] of (spec?.podFailurePolicy?.rules ?? []).entries()) {
    const why = matchRule(rule, pod);
    if (why === undefined) continue;
    const { action } = rule;
    if (action === 'FailJob')
      return { action, counts: true, jobFailure: `${why} matching FailJob rule at index ${index}` };
    return { action, counts: action !== 'Ignore' };
  }
  return NO_MATCH;
}

/** How the rule's match is told. */
function matchRule({ onExitCodes, onPodConditions }: Rule, pod: Pod): string | undefined {
  const { namespace = '', name } = pod.metadata;
  if (onExitCodes !== undefined) {
    const container = exitedWith(pod, onExitCodes);
    const code = container?.state?.terminated?.exitCode;
    return container === undefined
      ? undefined
      : `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${code}`;
  }
  const condition = pod.status?.conditions?.find(({ type, status }) =>
    onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );
  return condition === undefined ? undefined : `Pod ${namespace}/${name} has condition ${condition.type}`;
}

/** A container that ended with such a code; 0 never matches. */
function exitedWith({ status }: Pod, { containerName, operator, values }: ExitCodes): ContainerStatus | undefined {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return statuses.find(({ name, state }) => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(code) === (operator === 'In');
  });
}
