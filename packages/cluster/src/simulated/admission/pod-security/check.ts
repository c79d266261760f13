/** What the checks of the Pod Security Standards are made of. Source: `k8s.io/pod-security-admission/policy`. */
import type { Container, PodSpec } from '../../../model/kinds.ts';

/** What is wrong with a pod in one respect. */
export interface Violation {
  /** `hostPort`. */
  readonly reason: string;
  /** `container "web" uses hostPort 80`. */
  readonly detail: string;
}

export type SecurityCheck = (spec: PodSpec) => Violation | undefined;

/** All containers, those that run first before. */
export function containersOf(spec: PodSpec): readonly Container[] {
  const ephemeral = (spec.ephemeralContainers ?? []) as readonly unknown[] as readonly Container[];
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...ephemeral];
}

export function namesWhere(spec: PodSpec, isWrong: (container: Container) => boolean): readonly string[] {
  return containersOf(spec)
    .filter(isWrong)
    .map(({ name }) => name);
}

/** `"a", "b"`. */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ');
}

/** `container "a"`, `containers "a", "b"`. */
export function titled(noun: string, names: readonly string[]): string {
  return `${plural(noun, names)} ${quoted(names)}`;
}

export function plural(noun: string, of: readonly unknown[]): string {
  return of.length === 1 ? noun : `${noun}s`;
}

export function sorted(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}
