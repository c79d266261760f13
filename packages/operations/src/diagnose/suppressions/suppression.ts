/** Suppressions: findings that somebody answers for, until a day. */
import { patternOf, refText, type ResourceRef } from '@aia/cluster';

/** One entry of the file of suppressions. */
export interface Suppression {
  /** Code of the findings; `*` stands for any text. */
  readonly code: string;
  /** `KIND NAME` or `KIND NAMESPACE/NAME`, of the resource or of the workload of the pod; `*` stands for any text. */
  readonly object: string;
  readonly reason: string;
  readonly owner: string;
  /** Epoch milliseconds; from then on it suppresses nothing. */
  readonly expiresAt: number;
}

/** The code of the finding that an expired suppression is; nothing suppresses it. */
export const EXPIRED_CODE = 'suppression-expired';

/** Whether a suppression has no effect any more; where the moment of observation is not known (0), none has expired. */
export function isExpired({ expiresAt }: Suppression, now: number): boolean {
  return now > 0 && now >= expiresAt;
}

/** The last day of its effect, in UTC: `2026-12-31`. */
export function lastDay({ expiresAt }: Pick<Suppression, 'expiresAt'>): string {
  return new Date(expiresAt - 1).toISOString().slice(0, 10);
}

/** The suppression itself as what a finding is about. */
export function suppressionRef({ code, object }: Suppression): ResourceRef {
  return { group: '', kind: 'Suppression', namespace: '', name: `${code} ${object}` };
}

/** What suppressions are matched against. */
export interface Suppressible {
  readonly code: string;
  readonly resource: ResourceRef;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Gives the position of the first suppression in force that matches a finding, -1 for none.
 * @throws RangeError for one that would take out everything
 */
export function matcherOf(suppressions: readonly Suppression[], now: number): (finding: Suppressible) => number {
  const patterns = suppressions.map((suppression) => {
    if (isWild(suppression.code) && isWild(suppression.object))
      throw new RangeError('code and object are both "*", which would take out every finding; name one of them');
    return isExpired(suppression, now)
      ? undefined
      : { code: patternOf(suppression.code), object: patternOf(suppression.object) };
  });
  return ({ code, resource, facts }) => {
    if (code === EXPIRED_CODE) return -1;
    const names = namesOf(resource, facts['workload']);
    return patterns.findIndex(
      (pattern) => pattern !== undefined && pattern.code(code) && names.some((name) => pattern.object(name)),
    );
  };
}

/** Whether a pattern matches anything. */
export function isWild(pattern: string): boolean {
  return /^[*\s/]*$/.test(pattern);
}

/** The resource, and the workload that the fact names as `group/Kind/namespace/name`. */
function namesOf(resource: ResourceRef, workload: unknown): readonly string[] {
  const [, kind, namespace, name] =
    typeof workload === 'string' ? (/^[^/]*\/([^/]+)\/([^/]*)\/(.+)$/.exec(workload) ?? []) : [];
  if (kind === undefined || namespace === undefined || name === undefined) return [refText(resource)];
  return [refText(resource), refText({ group: '', kind, namespace, name })];
}
