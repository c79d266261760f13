/** Which actions may have done harm. */
import { refKey, type ResourceRef } from '@aia/cluster';
import type { Action } from '@aia/contract';
import { targetOf } from '../plan/effects/changed-objects.ts';
import type { Course } from './course.ts';
import { workloadKey } from './new-critical.ts';

/** Those that touch what is harmed, else those in its namespace, else what may stop something, else all. Never none. */
export function suspectsOf(harm: readonly { readonly resource: ResourceRef }[], course: Course): readonly Action[] {
  const actions = course.phases.flatMap((phase) => phase.actions);
  const { snapshot } = course.end();
  const keys = new Set(harm.flatMap(({ resource }) => [refKey(resource), workloadKey(resource, snapshot)]));
  const namespaces = new Set(harm.map(({ resource }) => resource.namespace).filter((one) => one !== ''));
  const named = (action: Action) => [action.target, ...action.steps.flatMap(({ change }) => targetOf(change) ?? [])];
  const tests: readonly ((action: Action) => boolean)[] = [
    (action) => named(action).some((ref) => keys.has(refKey(ref))),
    (action) => named(action).some(({ namespace }) => namespaces.has(namespace)),
    ({ disruption, steps }) =>
      disruption.isOutage || steps.some(({ change }) => change.kind === 'cloud' || change.kind === 'delete'),
  ];
  for (const test of tests) {
    const found = actions.filter(test);
    if (found.length > 0) return found;
  }
  return actions;
}
