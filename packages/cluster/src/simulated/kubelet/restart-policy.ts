/** Whether a container that ended is started again. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
import type { ContainerRuntime, PodRuntime } from './pod-runtime.ts';

/** A rule of a container, since 1.34. */
interface RestartRule {
  readonly action?: string;
  readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] };
}

/** Whether a container that has ended will be started again. */
export function restarts(pod: PodRuntime, { role, spec, ended }: ContainerRuntime): boolean {
  if (ended === undefined || role === 'sidecar') return true;
  if (role === 'ephemeral') return false;
  const { restartPolicyRules: rules = [] } = spec as { readonly restartPolicyRules?: readonly RestartRule[] };
  if (rules.some((rule) => matches(rule, ended.exitCode))) return true;
  const policy = policyOf(pod, spec.restartPolicy);
  if (policy === 'Never') return false;
  // An init container that succeeded has done its work.
  return policy === 'Always' && role === 'main' ? true : ended.exitCode !== 0;
}

/** Of the container where it has one, else of the pod. */
export function policyOf({ object: { spec } }: PodRuntime, own: string | undefined): string {
  return own ?? spec?.restartPolicy ?? 'Always';
}

function matches({ action, exitCodes }: RestartRule, exitCode: number): boolean {
  if (action !== 'Restart' || exitCodes === undefined) return false;
  const isIn = exitCodes.values?.includes(exitCode) === true;
  return exitCodes.operator === 'NotIn' ? !isIn : isIn;
}
