/**
 * What may change through the subresources `resize` and `ephemeralcontainers` of a pod.
 * Source: `ValidatePodResize`, `ValidatePodEphemeralContainersUpdate` in `pkg/apis/core/validation`
 */
import type { Json } from '../../../../model/unknown-json.ts';
import { sameJson } from '../../../../snapshot/diff.ts';
import { listIn, objectIn, textIn, type Problems } from '../problems.ts';
import { specDiff } from '../spec-diff.ts';
import type { CheckUpdate } from '../validation-rule.ts';
import { qosClassOf } from './pod-created.ts';
import { checkPodObject } from './pod-validation.ts';

const RESIZED: ReadonlySet<string> = new Set(['cpu', 'memory']);

/** CPU and memory of containers and sidecars, within the quality of service that the pod began with. */
export const checkPodResize: CheckUpdate = (problems, pod, previous) => {
  checkPodObject(problems, pod);
  const [now, before] = [objectIn(pod, 'spec') ?? {}, objectIn(previous, 'spec') ?? {}];
  const had = objectIn(previous, 'status')?.['qosClass'] ?? qosClassOf(before);
  if (had !== qosClassOf(now)) problems.invalid('spec', had, 'Pod QOS Class may not change as a result of resizing');
  for (const field of ['initContainers', 'containers'])
    for (const [at, container] of listIn(before, field).entries()) {
      if (field === 'initContainers' && container['restartPolicy'] !== 'Always') continue;
      checkRemoved(problems, `spec.${field}[${at}].resources`, listIn(now, field)[at] ?? {}, container);
    }
  const wrong = problems.found.length;
  checkContainers(problems, now, before);
  if (problems.found.length === wrong && wrong === 0 && !sameJson(others(now), others(before)))
    problems.forbidden('spec', 'only cpu and memory resources are mutable');
};

function checkRemoved(problems: Problems, place: string, now: Json, before: Json): void {
  for (const side of ['requests', 'limits']) {
    const [amounts, had] = [now, before].map((one) => objectIn(objectIn(one, 'resources'), side) ?? {}) as [Json, Json];
    if (Object.keys(had).some((name) => amounts[name] === undefined))
      problems.forbidden(`${place}.${side}`, `resource ${side} cannot be removed`);
  }
}

function checkContainers(problems: Problems, now: Json, before: Json): void {
  for (const [at, container] of listIn(now, 'containers').entries())
    if (!sameJson(fixed(container), fixed(listIn(before, 'containers')[at] ?? {})))
      problems.forbidden('spec', 'only cpu and memory resources are mutable');
  for (const [at, container] of listIn(now, 'initContainers').entries()) {
    const had = listIn(before, 'initContainers')[at] ?? {};
    if (container['restartPolicy'] !== 'Always') {
      if (!sameJson(container, had))
        problems.forbidden('spec', 'resources for non-sidecar init containers are immutable');
    } else if (!sameJson(fixed(container), fixed(had)))
      problems.forbidden('spec', 'only cpu and memory resources for sidecar containers are mutable');
  }
}

/** A container without what a resize may change. */
function fixed(container: Json): Json {
  const { resources, ...rest } = container;
  const amounts = (side: string) =>
    Object.entries(objectIn(resources as Json | undefined, side) ?? {}).filter(([name]) => !RESIZED.has(name));
  return { ...rest, limits: Object.fromEntries(amounts('limits')), requests: Object.fromEntries(amounts('requests')) };
}

function others({ containers: _, initContainers: __, ...rest }: Json): Json {
  return rest;
}

/** Ephemeral containers are added, and stay. */
export const checkEphemeralContainers: CheckUpdate = (problems, pod, previous) => {
  checkPodObject(problems, pod);
  const [now, before] = [objectIn(pod, 'spec') ?? {}, objectIn(previous, 'spec') ?? {}];
  const field = 'spec.ephemeralContainers';
  for (const had of listIn(before, 'ephemeralContainers')) {
    const name = textIn(had, 'name');
    const kept = listIn(now, 'ephemeralContainers').find((one) => one['name'] === name);
    if (kept === undefined) problems.forbidden(field, `existing ephemeral containers "${name}" may not be removed\n`);
    else if (!sameJson(kept, had))
      problems.forbidden(
        field,
        `existing ephemeral containers "${name}" may not be changed\n${specDiff('core.EphemeralContainer', had, kept)}`,
      );
  }
};
