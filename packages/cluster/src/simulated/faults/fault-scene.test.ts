import { describe, expect, it } from 'vitest';
import { PODS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import { healthOf, wantedOf } from '../oracle/oracle.ts';
import { newScene } from './fault-scene.suite.ts';

describe('the scene that faults befall', () => {
  it('is sound', () => {
    const cluster = newScene();
    const failing = [...cluster.api.store.list(PODS)].filter(
      ({ status }) => status?.phase !== 'Running' && status?.phase !== 'Succeeded',
    );
    expect(failing.map(entityOf)).toEqual([]);
    const { shortfalls } = healthOf(cluster, wantedOf(cluster));
    expect(shortfalls.filter(({ entity }) => !entity.startsWith('Ingress '))).toEqual([]);
  });
});
