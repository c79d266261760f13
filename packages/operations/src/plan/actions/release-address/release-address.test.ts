import { describe, expect, it } from 'vitest';
import { policyFrom } from '../../../policy/policy.ts';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { releaseAddress } from './release-address.ts';

const DAY = 24 * 3_600_000;

/** A cluster beside which the only address that may be reserved is, since so many days. */
function scene(days: number, ...more: Parameters<typeof sceneOf>[0]) {
  const shop = sceneOf([namespaceOf('shop'), deploymentOf('web'), ...more], {
    limits: { STATIC_ADDRESSES: 1 },
  });
  shop.cluster.cloud?.reserveAddress('left-over', {}, shop.cluster.clock.now - days * DAY);
  return shop;
}

function namesReserved(shop: ReturnType<typeof scene>) {
  return shop.cluster.cloud?.snapshot.addresses?.map(({ name }) => name);
}

describe('release-address', () => {
  it('gives up what nobody has used for weeks, on the twin alone, and needs a person for it', () => {
    const shop = scene(20);
    const { actions, held } = strategyFor(
      shop.observe(),
      policyFrom({ version: 1, actions: { off: ['request-quota'] } }, 'test'),
    );
    expect(held).toContainEqual(expect.stringMatching(/^release-address:.*left-over/));
    const [action] = actions.filter(({ kind }) => kind === 'release-address');
    expect(action).toMatchObject({ inverse: { kind: 'irreversible' }, approval: { isNeeded: true } });
    expect(namesReserved(shop)).toContain('left-over');
  });

  it.each([
    ['was reserved lately', scene(3)],
    [
      'is named by a Service',
      scene(20, serviceOf('web', {}, { annotations: { 'networking.gke.io/load-balancer-ip-addresses': 'left-over' } })),
    ],
  ])('keeps what %s', (_why, shop) => {
    expect(proposedFor(shop.observe(), releaseAddress).remedies).toEqual([]);
  });
});
