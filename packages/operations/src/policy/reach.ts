/** How far actions reach, in what budgets count. */
import type { Action } from '@aia/contract';
import type { Policy } from './policy.ts';

/** Namespaces that an action touches, sorted. */
export function namespacesOf({ target, steps }: Pick<Action, 'target' | 'steps'>): readonly string[] {
  const own = steps.map(({ change }) => {
    if (change.kind === 'cloud' || change.kind === 'manual') return '';
    if (change.kind !== 'create') return change.target.namespace;
    const { metadata } = change.object as { readonly metadata?: { readonly namespace?: string } };
    return metadata?.namespace ?? '';
  });
  return [...new Set([target.namespace, ...own])].filter((name) => name !== '').sort();
}

/** Most pods that a phase may replace, of so many in all, and the line that says so; `undefined` without bound. */
export function podsAllowed(
  { budgets: { podsPerPhase, podShare } }: Policy,
  pods: number,
): { readonly pods: number; readonly line: string } | undefined {
  const bounds = [
    ...(podsPerPhase === undefined
      ? []
      : [{ pods: podsPerPhase, line: `budgets.blastRadius.podsPerPhase: ${podsPerPhase}` }]),
    ...(podShare === undefined
      ? []
      : [{ pods: Math.floor(podShare * pods), line: `budgets.blastRadius.podShare: ${podShare} of ${pods} pods` }]),
  ];
  return bounds.sort((a, b) => a.pods - b.pods)[0];
}

/** Services that stop answering for a while; an outage that names none counts as one. */
export function outagesOf({ disruption: { isOutage, services } }: Pick<Action, 'disruption'>): number {
  return isOutage ? Math.max(1, services.length) : 0;
}
