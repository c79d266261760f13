/**
 * Requests as a VerticalPodAutoscaler is told them. Limits follow: it keeps their proportion to the requests.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/api.md
 */
import { amountOf, type Container, type KubeObject } from '@aia/cluster';
import type { ObjectChange } from '../effects/changed-objects.ts';
import { templateOf } from '../planning.ts';

interface ContainerPolicy {
  readonly containerName: string;
  readonly minAllowed?: Readonly<Record<string, string>>;
  readonly maxAllowed?: Readonly<Record<string, string>>;
}

/** A merge patch of its `spec` that leads to the changed requests: what rises is a floor, what falls a ceiling; `undefined` where none change. */
export function sizerPolicyOf({ before, after }: ObjectChange): { readonly spec: unknown } | undefined {
  const earlier = new Map(containersOf(before).map((one) => [one.name, requestsOf(one)]));
  const policies = containersOf(after).flatMap((one): readonly ContainerPolicy[] => {
    const was = earlier.get(one.name) ?? {};
    const changed = Object.entries(requestsOf(one)).filter(([name, value]) => was[name] !== value);
    const [floor, ceiling] = [true, false].map((rises) =>
      Object.fromEntries(changed.filter(([name, value]) => isMore(name, value, was[name]) === rises)),
    );
    if (changed.length === 0) return [];
    return [{ containerName: one.name, ...named('minAllowed', floor), ...named('maxAllowed', ceiling) }];
  });
  return policies.length === 0 ? undefined : { spec: { resourcePolicy: { containerPolicies: policies } } };
}

function isMore(resource: string, now: string, before = '0'): boolean {
  return (amountOf(resource, now) ?? 0) > (amountOf(resource, before) ?? 0);
}

function named(field: string, values: Readonly<Record<string, string>> = {}): Readonly<Record<string, unknown>> {
  return Object.keys(values).length === 0 ? {} : { [field]: values };
}

function containersOf(object: KubeObject | undefined): readonly Container[] {
  return object === undefined ? [] : (templateOf(object)?.containers ?? []);
}

function requestsOf({ resources }: Container): Readonly<Record<string, string>> {
  return (resources?.requests ?? {}) as Readonly<Record<string, string>>;
}
