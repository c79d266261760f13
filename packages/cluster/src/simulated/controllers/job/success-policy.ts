/** When some indexes are enough. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#success-policy */
import type { Job } from '../../../model/kinds.ts';
import { parseIndexes } from './indexes.ts';
import { completionsOf } from './job-pods.ts';

/** `spec.successPolicy`, which is newer than the types. */
interface SuccessPolicy {
  readonly rules: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[];
}

/** Which rule is met, in the words of the condition. */
export function matchSuccessPolicy(job: Job, succeeded: ReadonlySet<number>): string | undefined {
  const { successPolicy } = (job.spec ?? {}) as { readonly successPolicy?: SuccessPolicy };
  if (successPolicy === undefined || succeeded.size === 0) return undefined;
  const index = successPolicy.rules.findIndex(({ succeededIndexes, succeededCount = Infinity }) => {
    if (succeededIndexes === undefined) return succeeded.size >= succeededCount;
    const needed = parseIndexes(succeededIndexes, completionsOf(job) ?? 0);
    const met = [...needed].filter((one) => succeeded.has(one)).length;
    return needed.size > 0 && (met === needed.size || met >= succeededCount);
  });
  return index < 0 ? undefined : `Matched rules at index ${index}`;
}
