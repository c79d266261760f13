/** What may change in a pod: images, gates, tolerations that are added, deadlines that come closer. Source: `ValidatePodUpdate`. */
import type { Json } from '../../../../model/unknown-json.ts';
import { sameJson } from '../../../../snapshot/diff.ts';
import { listIn, objectIn, type Problems } from '../problems.ts';
import { specDiff } from '../spec-diff.ts';
import type { CheckUpdate } from '../validation-rule.ts';
import { checkPodObject } from './pod-validation.ts';

const CHANGEABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

export const checkPodUpdate: CheckUpdate = (problems, pod, previous) => {
  // Spec and labels as they were are right already.
  const [now, before] = [objectIn(pod, 'spec') ?? {}, objectIn(previous, 'spec') ?? {}];
  if (now === before) return;
  checkPodObject(problems, pod);
  for (const field of ['containers', 'initContainers'])
    if (listIn(now, field).length !== listIn(before, field).length)
      return problems.forbidden(`spec.${field}`, 'pod updates may not add or remove containers');
  if (!checkDeadline(problems, now, before)) return;
  checkTolerations(problems, now, before);
  checkGates(problems, now, before);
  if (sameJson(now, before)) return;
  const kept = keptSpec(now, before);
  if (sameJson(kept, before)) return;
  problems.forbidden(
    'spec',
    `pod updates may not change fields other than ${CHANGEABLE}\n${specDiff('core.PodSpec', before, kept)}`,
  );
};

/** Whether to look on. */
function checkDeadline(problems: Problems, now: Json, before: Json): boolean {
  const field = 'spec.activeDeadlineSeconds';
  const [deadline, had] = [now['activeDeadlineSeconds'], before['activeDeadlineSeconds']];
  if (typeof deadline === 'number' && typeof had === 'number' && had < deadline) {
    problems.invalid(field, deadline, 'must be less than or equal to previous value');
    return false;
  }
  if (deadline === undefined && had !== undefined)
    problems.invalid(field, undefined, 'must not update from a positive integer to nil value');
  return true;
}

function checkTolerations(problems: Problems, now: Json, before: Json): void {
  const kept = listIn(now, 'tolerations').map(withoutSeconds);
  for (const toleration of listIn(before, 'tolerations'))
    if (!kept.some((one) => sameJson(one, withoutSeconds(toleration))))
      return problems.forbidden(
        'spec.tolerations',
        'existing toleration can not be modified except its tolerationSeconds',
      );
}

function withoutSeconds({ tolerationSeconds: _, ...rest }: Json): Json {
  return rest;
}

function checkGates(problems: Problems, now: Json, before: Json): void {
  const had = new Set(listIn(before, 'schedulingGates').map(({ name }) => name));
  for (const [at, { name }] of listIn(now, 'schedulingGates').entries())
    if (!had.has(name))
      problems.forbidden(
        `spec.schedulingGates[${at}].name`,
        `only deletion is allowed, but found new scheduling gate '${String(name)}'`,
      );
}

/** The new spec with what may change as it was. */
function keptSpec(now: Json, before: Json): Json {
  const kept: Record<string, unknown> = { ...now };
  for (const field of ['containers', 'initContainers'])
    if (now[field] !== undefined)
      kept[field] = listIn(now, field).map((container, at) => ({
        ...container,
        image: listIn(before, field)[at]?.['image'],
      }));
  keep(kept, before, 'activeDeadlineSeconds', 'tolerations', 'schedulingGates');
  const grace = before['terminationGracePeriodSeconds'];
  if (typeof grace === 'number' && grace < 0 && now['terminationGracePeriodSeconds'] === 1)
    keep(kept, before, 'terminationGracePeriodSeconds');
  // What waits at a gate may still be told more closely where to go.
  if (listIn(before, 'schedulingGates').length > 0) keep(kept, before, 'nodeSelector', 'affinity');
  return kept;
}

function keep(kept: Record<string, unknown>, before: Json, ...fields: readonly string[]): void {
  for (const field of fields) kept[field] = before[field];
}
