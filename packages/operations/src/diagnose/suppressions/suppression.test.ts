import { describe, expect, it } from 'vitest';
import { suppressionFault } from './check.ts';
import { matcherOf, type Suppression } from './suppression.ts';

const NOW = Date.parse('2025-09-27T12:00:00Z');
const entry = (code: string, object: string, expiresAt = NOW + 1): Suppression => ({
  ...{ code, object, expiresAt },
  reason: 'known',
  owner: 'platform',
});
const finding = (code: string, kind: string, namespace: string, name: string, workload?: string) => ({
  code,
  resource: { group: '', kind, namespace, name },
  facts: workload === undefined ? {} : { workload },
});
const crash = finding('container-crash-loop', 'Pod', 'shop', 'web-5f8-x1', 'apps/Deployment/shop/web');

describe('a suppression', () => {
  it.each<[string, string, boolean]>([
    ['container-crash-loop', 'Pod shop/web-5f8-x1', true],
    ['container-crash-loop', 'pod shop/WEB-5f8-x1', true],
    ['container-crash-loop', 'Pod shop/web-*', true],
    ['container-*', 'Pod */web-*', true],
    ['container-crash-loop', 'Deployment shop/web', true],
    ['container-crash-loop', '* shop/*', true],
    ['container-crash-loop', '*', true],
    ['*', 'Deployment shop/web', true],
    ['container-crash', 'Pod shop/web-5f8-x1', false],
    ['container-crash-loop', 'Pod shop/web', false],
    ['container-crash-loop', 'Pod web-5f8-x1', false],
    ['container-crash-loop', 'Deployment shop/we', false],
    ['container-crash-loop', 'Pod other/*', false],
    ['pod-*', '*', false],
  ])('of %s for %s: %s', (code, object, expected) => {
    expect(matcherOf([entry(code, object)], NOW)(crash) === 0).toBe(expected);
  });
  it('of cluster-scoped resources has no namespace', () => {
    const match = matcherOf([entry('node-cordoned', 'Node gke-*')], NOW);
    expect(match(finding('node-cordoned', 'Node', '', 'gke-1'))).toBe(0);
    expect(match(finding('node-cordoned', 'Node', '', 'eks-1'))).toBe(-1);
  });
  it('is the first that matches', () => {
    const match = matcherOf([entry('x', '*'), entry('container-*', '*'), entry('*', 'Pod shop/*')], NOW);
    expect(match(crash)).toBe(1);
  });
  it('has no effect once it has expired, and where the moment is not known it has', () => {
    const match = (now: number) => matcherOf([entry('container-*', '*', NOW)], now)(crash);
    expect([match(NOW - 1), match(NOW), match(0)]).toEqual([0, -1, 0]);
  });
  it('never takes out that one has expired', () => {
    const expired = finding('suppression-expired', 'Suppression', '', 'a Pod b/c');
    expect(matcherOf([entry('*', 'Suppression *'), entry('suppression-*', '*')], NOW)(expired)).toBe(-1);
  });
  it('that would take out everything is refused', () => {
    expect(() => matcherOf([entry('*', '*')], NOW)).toThrow(RangeError);
    expect(() => matcherOf([entry('**', '* */*')], NOW)).toThrow(RangeError);
  });
});

describe('the check of an entry', () => {
  it.each([
    ['container-crash-loop', 'Pod shop/*', undefined],
    ['container-*', '*', undefined],
    ['*', 'Deployment shop/web', undefined],
    ['crash-loop', 'Pod shop/*', 'no finding code'],
    ['toString', 'Pod shop/*', 'no finding code'],
    ['*', '*', 'every finding'],
    ['pod-failed', 'web', 'KIND NAME'],
    ['suppression-expired', '*', 'cannot be suppressed'],
  ])('%s of %s: %s', (code, object, expected) => {
    const fault = suppressionFault({ code, object });
    if (expected === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(expected);
  });
});
