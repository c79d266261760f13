import { describe, expect, it } from 'vitest';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  refOfService,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { fixSelector } from './fix-selector.ts';

const SHOP = [namespaceOf('shop'), deploymentOf('web', { labels: { tier: 'front' } }), deploymentOf('cart')];

function broken(selector: Readonly<Record<string, string | null>>, from: Readonly<Record<string, string>>) {
  const scene = sceneOf([...SHOP, serviceOf('web', { selector: from })]);
  scene.patch(refOfService('web'), { spec: { selector } });
  scene.wait(30);
  return scene;
}

function selectorIn(scene: ReturnType<typeof sceneOf>): unknown {
  const { remedies } = proposedFor(scene.observe(), fixSelector);
  const [change] = remedies[0]?.drafts[0]?.changes ?? [];
  return change?.kind === 'patch' && change.patch.type === 'json' ? change.patch.operations[0]?.value : undefined;
}

describe('fix-selector', () => {
  it('puts a label right that has another value in the pods', () => {
    const scene = broken({ app: 'website' }, { app: 'web', tier: 'front' });
    expect(selectorIn(scene)).toEqual({ app: 'web', tier: 'front' });
  });

  it('drops a label that the pods lack', () => {
    expect(selectorIn(broken({ track: 'stable' }, { app: 'web' }))).toEqual({ app: 'web' });
  });

  it('takes the labels by which the workload finds its pods where nothing would be left', () => {
    expect(selectorIn(broken({ app: null, instance: 'web' }, { app: 'web' }))).toEqual({ app: 'web' });
  });

  it('refuses where no workload comes near', () => {
    const scene = sceneOf([...SHOP, serviceOf('billing')]);
    expect(proposedFor(scene.observe(), fixSelector).remedies).toEqual([]);
  });

  it('gives the Service its endpoints back', () => {
    const { actions, held, strategy } = strategyFor(broken({ app: 'web-v2' }, { app: 'web' }).observe());
    expect(actions.map(({ kind }) => kind)).toContain('fix-selector');
    expect(held.some((id) => id.startsWith('fix-selector:'))).toBe(true);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id)).not.toContainEqual(
      expect.stringContaining('service-selects-nothing'),
    );
  });
});
