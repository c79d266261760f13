/** Grants and uses for tests, from a world that is small enough for one to lie within another often. */
import fc from 'fast-check';
import type { Grant, Names, Use } from './capabilities.ts';

/** A grant with a bound in every dimension. */
export const GRANT: Grant = {
  capability: 'rollout',
  clusters: ['did:key:cluster'],
  namespaces: ['web', 'shop'],
  kinds: ['Deployment.apps', 'Service'],
  blastRadius: { podsPerPhase: 10, actions: 3 },
  delegations: 2,
};

const some = <T extends string>(...names: T[]) => fc.subarray(names, { minLength: 1 });
const names = (...all: string[]): fc.Arbitrary<Names> =>
  fc.oneof({ arbitrary: fc.constant<Names>('*'), weight: 1 }, { arbitrary: some(...all), weight: 2 });
const amount = fc.option(fc.nat(3), { nil: undefined });

/** Any grant of two capabilities. */
export const anyGrant: fc.Arbitrary<Grant> = fc.record({
  capability: fc.constantFrom('rollout' as const, 'vote' as const),
  clusters: names('did:key:a', 'did:key:b'),
  namespaces: names('web', 'shop'),
  kinds: names('Pod', 'Service'),
  blastRadius: fc
    .record({ podsPerPhase: amount, namespacesPerPhase: amount, actions: amount })
    .map((radius) => Object.fromEntries(Object.entries(radius).filter(([, most]) => most !== undefined))),
  delegations: fc.nat(4),
});

/** Any use in the same world. */
export const anyUse: fc.Arbitrary<Use> = fc.record({
  capability: fc.constantFrom('rollout' as const, 'vote' as const),
  cluster: fc.constantFrom('did:key:a', 'did:key:b'),
  namespaces: names('web', 'shop'),
  kinds: some('Pod', 'Service'),
  touches: fc.record({ podsPerPhase: fc.nat(4), namespacesPerPhase: fc.nat(4), actions: fc.nat(4) }),
});

const narrowerNames = (allowed: Names, ...all: string[]): fc.Arbitrary<Names> =>
  allowed === '*' ? names(...all) : some(...allowed);
const narrowerAmount = (most: number | undefined) =>
  most === undefined ? amount : fc.nat(most).map((n): number | undefined => n);

/** What may be handed on of a grant that may be handed on. */
export function anyNarrower(grant: Grant): fc.Arbitrary<Grant> {
  const { clusters, namespaces, kinds, blastRadius, delegations } = grant;
  return fc.record({
    capability: fc.constant(grant.capability),
    clusters: narrowerNames(clusters, 'did:key:a', 'did:key:b'),
    namespaces: narrowerNames(namespaces, 'web', 'shop'),
    kinds: narrowerNames(kinds, 'Pod', 'Service'),
    blastRadius: fc
      .record({
        podsPerPhase: narrowerAmount(blastRadius.podsPerPhase),
        namespacesPerPhase: narrowerAmount(blastRadius.namespacesPerPhase),
        actions: narrowerAmount(blastRadius.actions),
      })
      .map((radius) => Object.fromEntries(Object.entries(radius).filter(([, most]) => most !== undefined))),
    // As many as the steps that may follow need.
    delegations: fc.constant(delegations - 1),
  });
}
