import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../canonical/strict-json.ts';
import { grantFrom, grantJson, isAllowed, widening, type Grant, type Use } from './capabilities.ts';
import { anyGrant, anyUse, GRANT } from './credentials.suite.ts';

describe('a grant', () => {
  it.each<[string, Partial<Grant>, string]>([
    ['another capability', { capability: 'execute' }, 'capability'],
    ['another cluster', { clusters: ['did:key:other'] }, 'clusters'],
    ['all clusters', { clusters: '*' }, 'clusters'],
    ['one namespace more', { namespaces: ['web', 'shop', 'bank'] }, 'namespaces'],
    ['all kinds', { kinds: '*' }, 'kinds'],
    ['more pods', { blastRadius: { podsPerPhase: 11, actions: 3 } }, 'blastRadius'],
    ['no bound where there was one', { blastRadius: { podsPerPhase: 10 } }, 'blastRadius'],
    ['as many delegations', { delegations: 2 }, 'delegations'],
  ])('may not be handed on with %s', (_, more, dimension) => {
    expect(widening({ ...GRANT, delegations: 1, ...more }, GRANT)).toBe(dimension);
  });

  it('may be handed on as it is, once less often, or with less', () => {
    expect(widening({ ...GRANT, delegations: 1 }, GRANT)).toBeUndefined();
    const less: Grant = { ...GRANT, namespaces: ['web'], blastRadius: { podsPerPhase: 0, actions: 1 }, delegations: 0 };
    expect(widening(less, GRANT)).toBeUndefined();
  });

  it('may not be handed on where it says so', () => {
    expect(widening({ ...GRANT, delegations: 0 }, { ...GRANT, delegations: 0 })).toBe('delegations');
  });

  const use: Use = {
    ...{ capability: 'rollout', cluster: 'did:key:cluster', namespaces: ['web'], kinds: ['Deployment.apps'] },
    touches: { podsPerPhase: 10, namespacesPerPhase: 1, actions: 3 },
  };
  it.each<[string, Partial<Use>, boolean]>([
    ['what is inside', {}, true],
    ['another capability', { capability: 'vote' }, false],
    ['another cluster', { cluster: 'did:key:other' }, false],
    ['one namespace of two outside', { namespaces: ['web', 'bank'] }, false],
    ['what lies in no namespace', { namespaces: '*' }, false],
    ['a use that names no namespace', { namespaces: [] }, false],
    ['a use that names no kind', { kinds: [] }, false],
    ['another kind', { kinds: ['Deployment'] }, false],
    ['a pod too many', { touches: { podsPerPhase: 11, namespacesPerPhase: 1, actions: 3 } }, false],
    ['a number that is none', { touches: { podsPerPhase: NaN, namespacesPerPhase: 1, actions: 3 } }, false],
  ])('decides about %s', (_, more, allowed) => {
    expect(isAllowed({ ...use, ...more }, [GRANT])).toBe(allowed);
  });

  it('does not add up with another one', () => {
    const grants: Grant[] = [
      { ...GRANT, namespaces: ['web'], kinds: '*' },
      { ...GRANT, namespaces: '*', kinds: ['Service'] },
    ];
    expect(isAllowed({ ...use, namespaces: ['shop'] }, grants)).toBe(false);
  });

  it('reads as it was written, and nothing else', () => {
    fc.assert(
      fc.property(anyGrant, (grant) => {
        expect(grantFrom(grantJson(grant))).toEqual(grant);
      }),
    );
  });

  it.each<[string, JsonValue]>([
    ['nothing', null],
    ['a list', []],
    ['an unknown name', { ...grantJson(GRANT), also: 1 }],
    ['an unknown capability', { ...grantJson(GRANT), capability: 'everything' }],
    ['a missing list', { capability: 'vote', blastRadius: {}, delegations: 0, clusters: '*', kinds: '*' }],
    ['no names', { ...grantJson(GRANT), namespaces: [] }],
    ['more names than are read', { ...grantJson(GRANT), namespaces: Array.from({ length: 257 }, (_, i) => `n${i}`) }],
    ['a name twice', { ...grantJson(GRANT), namespaces: ['a', 'a'] }],
    ['a pattern', { ...grantJson(GRANT), namespaces: ['team-*'] }],
    ['a star in a list', { ...grantJson(GRANT), namespaces: ['*'] }],
    ['a name alone', { ...grantJson(GRANT), namespaces: 'web' }],
    ['a negative bound', { ...grantJson(GRANT), blastRadius: { actions: -1 } }],
    ['a bound that is null', { ...grantJson(GRANT), blastRadius: { actions: null } }],
    ['an unknown bound', { ...grantJson(GRANT), blastRadius: { nodes: 1 } }],
    ['half a delegation', { ...grantJson(GRANT), delegations: 0.5 }],
    ['too many delegations', { ...grantJson(GRANT), delegations: 9 }],
  ])('is not %s', (_, value) => {
    expect(grantFrom(value)).toBeUndefined();
  });
});

it('of everything does not allow what touches nothing that is said', () => {
  const use = {
    ...{ capability: GRANT.capability, cluster: 'did:key:any', namespaces: ['web'], kinds: ['Pod'] },
    touches: { podsPerPhase: 0, namespacesPerPhase: 0, actions: 0 },
  };
  const all = [{ ...GRANT, clusters: '*', namespaces: '*', kinds: '*' } as const];
  expect(isAllowed(use, all)).toBe(true);
  expect(isAllowed({ ...use, namespaces: '*' }, all)).toBe(true);
  for (const nothing of [{ namespaces: [] }, { kinds: [] }]) expect(isAllowed({ ...use, ...nothing }, all)).toBe(false);
});

describe('the lattice', () => {
  it('lets no chain of grants gain a use', () => {
    fc.assert(
      fc.property(fc.array(anyGrant, { minLength: 2, maxLength: 6 }), anyUse, (grants, use) => {
        const end = grants.findIndex((grant, i) => i > 0 && widening(grant, grants[i - 1] as Grant) !== undefined);
        const chain = end === -1 ? grants : grants.slice(0, end);
        const last = chain.at(-1) as Grant;
        if (isAllowed(use, [last])) for (const grant of chain) expect(isAllowed(use, [grant])).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is transitive: what may be handed on twice is no wider than the first', () => {
    fc.assert(
      fc.property(anyGrant, anyGrant, anyGrant, (a, b, c) => {
        if (widening(b, a) === undefined && widening(c, b) === undefined) expect(widening(c, a)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});
