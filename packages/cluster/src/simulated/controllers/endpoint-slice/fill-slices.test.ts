import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSlices, SLICE_CAPACITY, type Endpoint, type EndpointSlice } from './fill-slices.ts';

const endpoint = (index: number): Endpoint => ({
  addresses: [`10.0.${Math.floor(index / 250)}.${index % 250}`],
  targetRef: { kind: 'Pod', name: `p${index}`, uid: `u${index}` },
});

const slice = (index: number, endpoints: readonly Endpoint[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `s${index}` },
  addressType: 'IPv4',
  endpoints,
});

const members = fc.uniqueArray(fc.nat(700), { maxLength: 400 });

describe('fillSlices', () => {
  it('holds each wanted endpoint once, in slices that are not too large', () => {
    fc.assert(
      fc.property(members, members, fc.integer({ min: 1, max: 6 }), (before, wanted, count) => {
        const slices = Array.from({ length: count }, (_, at) =>
          slice(
            at,
            before
              .filter((_, index) => index % count === at)
              .slice(0, SLICE_CAPACITY)
              .map(endpoint),
          ),
        );
        const { updated, unchanged, created, deleted } = fillSlices(slices, wanted.map(endpoint), () => false);
        const held = [...updated.values(), ...unchanged.map(({ endpoints }) => endpoints ?? []), ...created];
        for (const endpoints of held) expect(endpoints.length).toBeLessThanOrEqual(SLICE_CAPACITY);
        const names = held.flat().map(({ targetRef }) => targetRef?.name ?? '');
        expect(names.toSorted()).toEqual(wanted.map((index) => `p${index}`).toSorted());
        expect(updated.size + unchanged.length + deleted.length).toBe(slices.length);
      }),
      { numRuns: 60 },
    );
  });

  it('changes nothing where everything is as wanted', () => {
    fc.assert(
      fc.property(members, (wanted) => {
        const { created } = fillSlices([], wanted.map(endpoint), () => false);
        const slices = created.map((endpoints, index) => slice(index, endpoints));
        const again = fillSlices(slices, wanted.map(endpoint), () => false);
        expect([again.updated.size, again.created.length, again.deleted.length]).toEqual([0, 0, 0]);
      }),
      { numRuns: 40 },
    );
  });
});
