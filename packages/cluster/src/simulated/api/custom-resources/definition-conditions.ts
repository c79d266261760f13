/** The conditions of CustomResourceDefinitions. Source: `k8s.io/apiextensions-apiserver/pkg/apihelpers` */
import type { KubeObject } from '../../../model/kube-object.ts';
import type { CustomResourceDefinition, DefinitionCondition } from './definition.ts';

/** Holds a definition until its objects are gone. */
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** The definition with a condition; the time stays where the status is the same. `at` in RFC 3339. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: Omit<DefinitionCondition, 'lastTransitionTime'>,
  at: string,
): CustomResourceDefinition {
  const conditions = definition.status?.conditions ?? [];
  const known = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = known?.status === condition.status ? (known.lastTransitionTime ?? at) : at;
  const { type, status, ...words } = condition;
  const told = { lastTransitionTime, ...words, status, type };
  const after = known === undefined ? [...conditions, told] : conditions.map((one) => (one === known ? told : one));
  return { ...definition, status: { ...definition.status, conditions: after } };
}

/** As the API server marks it when somebody wants it deleted. */
export function definitionMarked(object: KubeObject, at: string): KubeObject {
  const terminating = {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  return withCondition(object as CustomResourceDefinition, terminating, at);
}
