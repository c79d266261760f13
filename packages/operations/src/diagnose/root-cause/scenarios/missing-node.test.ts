/** Pods on nodes that are gone. */
import { expect, it } from 'vitest';
import { running } from './pod-states.suite.ts';
import { causesOf, Scene } from './scene.suite.ts';

it('pods that a node has left behind are causes by themselves', () => {
  const made = new Scene();
  const [one = ''] = made.nodes(2);
  made.deployment('api', { pods: [running(one), running('gke-shop-default-pool-7f3c2a91-gone')] });
  expect(causesOf(made.assess())).toEqual(['pod-on-missing-node Pod shop/api-6d5f8c7b94-p1 1']);
});
