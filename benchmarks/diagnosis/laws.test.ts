/** The laws of a diagnosis, held against every composed cluster. */
import { SnapshotBuilder, type ClusterSnapshot } from '@aia/cluster';
import { assess } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { EXCLUSIVE } from '../../packages/operations/src/diagnose/root-cause/exclusive.ts';
import { randomFrom } from '../random.ts';
import { build, compositions } from './scenarios.ts';

const composed = compositions('tuned', 1);
const judged = composed.map(({ composition, seed }) => {
  const scenario = build(composition, seed);
  return { ...scenario, assessment: assess(scenario.snapshot, { version: 'test' }) };
});

/** The same cluster, its objects in another order. */
function shuffled(snapshot: ClusterSnapshot, seed: number): ClusterSnapshot {
  const random = randomFrom(seed);
  const keyed = snapshot.objects.map((object) => ({ object, key: random() })).sort((a, b) => a.key - b.key);
  const builder = new SnapshotBuilder();
  for (const { object } of keyed) builder.add(structuredClone(object), 'scenario');
  const { source, observedAt, serverVersion, logs } = snapshot;
  return builder.build({ source, observedAt, serverVersion, logs });
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}

describe('a diagnosis of a composed cluster', () => {
  it('is the same bytes whatever the order of its objects', () => {
    for (const { name, seed, snapshot, assessment } of judged) {
      const again = assess(shuffled(snapshot, seed), { version: 'test' });
      const causes = (of: typeof again) => JSON.stringify([of.rootCauses, of.findings.map(({ id }) => id)]);
      expect(causes(again), name).toBe(causes(assessment));
    }
  });

  it('writes to nothing that it is given', () => {
    for (const { composition, seed } of composed) {
      const { snapshot } = build(composition, seed);
      for (const object of snapshot.objects) deepFreeze(object);
      const { notRun } = assess(snapshot, { version: 'test' });
      expect(notRun.filter(({ reason }) => !reason.startsWith('needs '))).toEqual([]);
    }
  });

  it('gives each finding one cause, and rivals less than certainty together', () => {
    for (const { name, assessment } of judged) {
      const claims = assessment.rootCauses.flatMap(({ explains }) => explains);
      expect(new Set(claims).size, name).toBe(claims.length);
      for (const { probability, rivals } of assessment.rootCauses) {
        expect(probability).toBeLessThan(1);
        const sum = rivals.reduce((all, rival) => all + rival.probability, probability);
        // Each is rounded to thousandths.
        expect(sum, name).toBeLessThan(1 + 0.001 * (rivals.length + 1));
      }
    }
  });

  it('names no two causes of one thing that exclude each other', () => {
    for (const { name, assessment } of judged) {
      for (const group of EXCLUSIVE) {
        const about = assessment.rootCauses
          .filter((cause) => group.includes(cause.class))
          .map(({ resource }) => `${resource.kind} ${resource.namespace}/${resource.name}`);
        expect(new Set(about).size, name).toBe(about.length);
      }
    }
  });

  it('makes no root cause above low of what is harmless', () => {
    for (const { name, assessment } of judged) {
      const severities = new Map(assessment.findings.map(({ id, severity }) => [id, severity]));
      for (const { explains, severity } of assessment.rootCauses) {
        const harmless = explains.every((id) => ['low', 'info'].includes(severities.get(id) ?? ''));
        if (harmless) expect(['low', 'info'], name).toContain(severity);
      }
    }
  });

  it('is never called readier for a fault in addition', () => {
    const healthy = new Map<number, number>();
    for (const { composition, seed } of composed) {
      const sound = build({ ...composition, faults: [] }, seed);
      healthy.set(seed, assess(sound.snapshot, { version: 'test' }).verdict.score);
    }
    for (const { name, seed, group, assessment } of judged)
      if (group !== 'control') expect(assessment.verdict.score, name).toBeLessThanOrEqual(healthy.get(seed) ?? 0);
  });
});
