import { assess, causeClass, ruleOf } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { figuresOf, outcomesOf } from './bench.ts';
import { objectsOf } from './objects.ts';
import { healthyWorld } from './background.ts';
import { build, compositions } from './scenarios.ts';
import { calibration, judge, type Outcome } from './score.ts';

const outcome = (stated: Outcome['stated']): Outcome => ({
  name: 'x',
  group: 'single',
  seed: 1,
  isFirstRight: true,
  precision: 1,
  ranks: [1],
  missed: [],
  wrong: [],
  stated,
});

describe('the benchmark of diagnoses', () => {
  it('composes at least sixty different clusters, with several namespaces, nodes and workloads each', () => {
    const composed = compositions('tuned', 1);
    expect(new Set(composed.map(({ composition }) => composition.name)).size).toBeGreaterThanOrEqual(60);
    for (const seed of [1, 2, 3]) {
      const objects = objectsOf(healthyWorld(seed));
      const count = (kind: string) => objects.filter((object) => object['kind'] === kind).length;
      expect(count('Namespace')).toBeGreaterThanOrEqual(6);
      expect(count('Node')).toBeGreaterThanOrEqual(4);
      expect(count('Deployment')).toBeGreaterThanOrEqual(12);
    }
  });

  it('makes objects that are admitted whole', () => {
    for (const { composition, seed } of compositions('tuned', 1)) {
      const { name, snapshot } = build(composition, seed);
      expect(snapshot.problems, name).toEqual([]);
    }
  });

  it('meets no class of causes that nothing explains', () => {
    for (const { composition, seed } of compositions('tuned', 1)) {
      const { rootCauses } = assess(build(composition, seed).snapshot, { version: 'test' });
      const classes = rootCauses.flatMap((cause) => [cause.class, ...cause.rivals.map((rival) => rival.class)]);
      for (const name of classes) expect(ruleOf(name) ?? causeClass(name), name).toBeDefined();
    }
  });

  it('gives the same cluster for the same seed, and another for another', () => {
    const [first] = compositions('tuned', 1);
    if (first === undefined) throw new Error('no composition');
    const bytes = (seed: number) => JSON.stringify(build(first.composition, seed).snapshot.objects);
    expect(bytes(5)).toBe(bytes(5));
    expect(bytes(5)).not.toBe(bytes(6));
  });

  it('finds a fault by which nothing fails in a finding of low severity, after the causes that are named', () => {
    const [broken] = compositions('tuned', 1);
    if (broken === undefined) throw new Error('no composition');
    const scenario = build(broken.composition, broken.seed);
    const { findings, rootCauses } = assess(scenario.snapshot, { version: 'test' });
    const code = 'cron-job-suspended';
    const resource = { group: 'batch', kind: 'CronJob', namespace: 'shop', name: 'nightly' };
    const low = { ...findings[0], code, resource, severity: 'info' } as (typeof findings)[number];
    const said = { rootCauses, findings: [...findings, low] };
    const truth = { entities: ['CronJob shop/nightly'], classes: [code] };
    const named = rootCauses.filter(({ severity }) => severity !== 'low' && severity !== 'info').length;
    const ranks = (one: object) => judge({ ...scenario, truths: [{ ...truth, ...one }] }, said).ranks;
    expect(ranks({ isMinor: true })).toEqual([named + 1]);
    expect(ranks({})).toEqual([undefined]);
  });

  it('counts a scenario as nothing where one true cause is not named, and a control where one is', () => {
    const [broken] = compositions('tuned', 1);
    if (broken === undefined) throw new Error('no composition');
    const scenario = build(broken.composition, broken.seed);
    const assessment = assess(scenario.snapshot, { version: 'test' });
    const unnamed = { entities: ['Node nobody'], classes: ['node-not-ready'] };
    expect(judge(scenario, assessment)).toMatchObject({ isFirstRight: true, precision: 1 });
    expect(judge({ ...scenario, truths: [...scenario.truths, unnamed] }, assessment).precision).toBe(0);
    expect(judge({ ...scenario, group: 'control', truths: [] }, assessment)).toMatchObject({
      isFirstRight: false,
      precision: 0,
    });
  });

  it('measures calibration: nothing between what is stated and what is true scores 0, its opposite 1', () => {
    const right = calibration([outcome([{ probability: 1, isTrue: true }])]);
    expect(right).toMatchObject({ brier: 0, error: 0 });
    const wrong = calibration([outcome([{ probability: 1, isTrue: false }])]);
    expect(wrong).toMatchObject({ brier: 1, error: 1 });
    const half = calibration([
      outcome([
        { probability: 0.6, isTrue: true },
        { probability: 0.6, isTrue: false },
      ]),
    ]);
    expect(half.error).toBeCloseTo(0.1);
  });

  it('states no more than is true, in each bin of probabilities', () => {
    const { bins } = calibration([...outcomesOf('tuned', 'full'), ...outcomesOf('held-out', 'full')]);
    const told = bins.filter(({ count }) => count >= 20);
    expect(told.length).toBeGreaterThan(1);
    for (const { from, stated, observed } of told) expect(observed, `from ${from}`).toBeGreaterThan(stated - 0.05);
  });

  it('finds the true cause first in nine of ten clusters, names nine true ones of ten, and raises no false alarm', () => {
    for (const split of ['tuned', 'held-out'] as const) {
      const outcomes = outcomesOf(split, 'small');
      for (const { name, value, holds } of figuresOf(split, outcomes, calibration(outcomes)))
        expect(holds, `${name}: ${value}`).toBe(true);
    }
  });
});
