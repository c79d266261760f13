/** The law of kinds of action: each does on a twin what it is for, and its inverse takes it back. */
import { createDirectWrites, type ClusterSnapshot } from '@aia/cluster';
import type { Assessment, Change } from '@aia/contract';
import { ACTION_KINDS, assess, DEFAULT_POLICY } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { changesOf, completeAction } from '../../../packages/operations/src/plan/complete-action.ts';
import { Planning } from '../../../packages/operations/src/plan/planning.ts';
import type { Remedy } from '../../../packages/operations/src/plan/remedy.ts';
import { RehearsalStage } from '../../../packages/operations/src/rehearse/rehearse.ts';
import { touchedBy, unrestored } from '../../../packages/operations/src/rehearse/touched-specs.ts';
import { undoAction } from '../../../packages/operations/src/rehearse/undo-action.ts';
import { SHOWN, type Shown } from './shown.suite.ts';

const MINUTE = 60_000;
const SETTLES_MS = 10 * MINUTE;

const judge = (snapshot: ClusterSnapshot): Assessment => assess(snapshot, { version: 'test' });

function planningOf(snapshot: ClusterSnapshot): Planning {
  return new Planning({ snapshot, assessment: judge(snapshot), policy: DEFAULT_POLICY });
}

/** The fittest remedy with an action of this kind; part of it may be of others. */
function remedyWith(kind: string, planning: Planning): Remedy {
  const [best] = ACTION_KINDS.flatMap((one) => [...one.propose(planning)])
    .filter(({ drafts }) => drafts.some((draft) => draft.kind === kind))
    .toSorted((a, b) => b.fit - a.fit);
  if (best === undefined) throw new TypeError(`nothing proposes ${kind} for what its scene shows`);
  return best;
}

/** Goals of a remedy that are open on a stage; or findings of a code, where those are what it takes away. */
function openOn(stage: RehearsalStage, { resolves }: Remedy, eases: string | undefined): readonly string[] {
  const { goals, assessment } = planningOf(stage.observe().snapshot);
  if (eases !== undefined)
    return [...new Set(assessment.findings.map(({ code }) => code))].filter((code) => code === eases);
  return resolves.filter((id) => goals.some((goal) => goal.id === id));
}

function shown(kind: string, { scene, byHand, eases }: Shown) {
  const planning = planningOf(scene());
  const remedy = remedyWith(kind, planning);
  const stageOf = () => new RehearsalStage(planning.snapshot, planning.assessment, judge);
  const stage = stageOf();
  const { cluster } = stage.twin;
  const writes = createDirectWrites(cluster, 'test');
  const earlier: Change[] = [];
  const done = remedy.drafts.map((draft) => {
    const own = ACTION_KINDS.find((one) => one.kind === draft.kind);
    if (own === undefined) throw new TypeError(`no kind ${draft.kind}`);
    const action = completeAction(draft, own, remedy.resolves, planning, [...earlier]);
    earlier.push(...draft.changes);
    const before = touchedBy(changesOf(action), (ref) => writes.read(ref));
    return { action, before, ...stage.tryAction(action) };
  });
  const [first] = remedy.drafts;
  if (first !== undefined) byHand?.({ cluster, writes, planning, target: first.target });
  stage.wait(SETTLES_MS);
  const open = openOn(stage, remedy, eases);
  const elapsedMs = stage.elapsedMs;
  for (const { action, before } of done.toReversed()) undoAction(action, { cluster, writes }, before);
  stage.wait(MINUTE);
  // What several of them touch is to be as it was before the first.
  const before = new Map(
    done.toReversed().flatMap((one) => (one.action.inverse.kind === 'irreversible' ? [] : [...one.before])),
  );
  const left = unrestored(before, (ref) => writes.read(ref));
  stage.stop();
  const alone = stageOf();
  alone.wait(elapsedMs);
  const anyway = openOn(alone, remedy, eases);
  alone.stop();
  return { goals: eases === undefined ? remedy.resolves : [eases], done, open, left, anyway };
}

describe('every kind of action', () => {
  it('has a scene that shows its effect, and nothing else has', () => {
    expect(Object.keys(SHOWN).toSorted()).toEqual(ACTION_KINDS.map(({ kind }) => kind).toSorted());
  });
});

describe.each(Object.entries(SHOWN))('%s', (kind, scene) => {
  it('does what it is for, which would not come by itself, and can be taken back', () => {
    const { goals, done, open, left, anyway } = shown(kind, scene);
    const failed = done.filter(({ outcome }) => outcome !== 'held' && outcome !== 'not-simulated');
    expect(failed.map(({ id, outcome, message }) => `${id}: ${outcome}: ${message}`)).toEqual([]);
    // What only a person does is shown by what happens once somebody has done it.
    const isManual = done.every(({ outcome }) => outcome === 'not-simulated');
    expect(isManual).toBe(scene.byHand !== undefined);
    expect(anyway).toEqual(scene.passes === undefined ? goals : []);
    expect(open).toEqual([]);
    expect(left.length > 0, left.join('; ')).toBe(scene.moves !== undefined);
  });
});
