import { describe, expect, it } from 'vitest';
import { causeClass } from '../../../diagnose/root-cause/classes.ts';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { answerRefusal } from './answer-refusal.ts';
import { INSTRUCTIONS } from './instructions.ts';

const NAMED = 'networking.gke.io/load-balancer-ip-addresses';

/** A Service that asks for an address by a name under which none is reserved. */
function scene(...reserved: readonly string[]) {
  const shop = sceneOf([namespaceOf('shop'), deploymentOf('web')]);
  for (const name of reserved) shop.cluster.cloud?.reserveAddress(name, {}, shop.cluster.clock.now);
  shop.create(
    serviceOf(
      'web',
      { type: 'LoadBalancer' },
      { annotations: { [NAMED]: 'shop-frnt', 'cloud.google.com/l4-rbs': 'enabled' } },
    ),
  );
  shop.wait(30);
  return shop;
}

describe('answer-refusal', () => {
  it('names the reserved address that is alike, which the Service gets on the twin', () => {
    const { strategy, held, actions } = strategyFor(scene('shop-front', 'other').observe());
    expect(held).toContainEqual(expect.stringMatching(/^answer-refusal:.*:name$/));
    expect(JSON.stringify(actions)).toContain('shop-front');
    expect(strategy.rehearsal?.remaining.map(({ id }) => id).join()).not.toContain('load-balancer');
  });

  it('reserves one under the name where none is alike', () => {
    const { held } = strategyFor(scene('other').observe());
    expect(held).toContainEqual(expect.stringMatching(/^answer-refusal:.*:reserve$/));
  });

  it('tells a person what else could be done, as less than a repair', () => {
    const { remedies } = proposedFor(scene().observe(), answerRefusal);
    const manual = remedies.filter(({ drafts }) => drafts.some(({ part }) => part === 'by-person'));
    expect(manual).toHaveLength(1);
    expect(manual[0]?.fit).toBeLessThan(0.5);
  });

  it('says nothing where nothing is refused', () => {
    const shop = sceneOf([namespaceOf('shop'), deploymentOf('web'), serviceOf('web', { type: 'LoadBalancer' })]);
    expect(proposedFor(shop.observe(), answerRefusal).remedies).toEqual([]);
  });

  it.each(Object.keys(INSTRUCTIONS))('answers %s, which is a class of cause', (name) => {
    expect(causeClass(name)).toBeDefined();
  });
});
