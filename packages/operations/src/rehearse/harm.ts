/** What a plan makes worse, and which of its actions do. */
import { refKey, type ResourceRef } from '@aia/cluster';
import type { Action, Phase } from '@aia/contract';
import type { Course } from './course.ts';
import { newCritical, workloadKey, type Seen } from './new-critical.ts';
import { newShortages } from './shortages.ts';
import { suspectsOf } from './suspects.ts';
import { withoutActions } from '../plan/order/without-actions.ts';

/** Something that is worse than it was and than it would be: a critical finding, or something that does not have what it wants. */
export interface Harm {
  readonly resource: ResourceRef;
  readonly message: string;
}

/** At the end of a course, beside how it was `before` and how it is where nothing was done; without that, how it was. */
export function harmIn(course: Course, before: Seen, unchanged: Seen = before): readonly Harm[] {
  const end = course.end();
  const beyond = new Set(newCritical(unchanged, end));
  const meant = meantBy(course.phases.flatMap(({ actions }) => actions));
  return [
    ...newCritical(before, end).filter(
      (finding) => beyond.has(finding) && !meant.has(workloadKey(finding.resource, end.snapshot)),
    ),
    ...newShortages(before.snapshot, unchanged.snapshot, end.snapshot, meant),
  ];
}

/** Keys of what actions delete, or say that they leave short. */
function meantBy(actions: readonly Action[]): ReadonlySet<string> {
  const deleted = actions
    .flatMap(({ steps }) => steps)
    .flatMap(({ change }) => (change.kind === 'delete' ? [refKey(change.target)] : []));
  const short = actions.filter(({ leavesShort }) => leavesShort !== undefined).map(({ target }) => refKey(target));
  return new Set([...deleted, ...short]);
}

/** What is tried to tell who did it. */
export interface HarmTrial {
  readonly course: Course;
  readonly harm: readonly Harm[];
  /** How many actions are left out at most, each on a twin of its own. */
  readonly trials: number;
  readonly harmOf: (course: Course) => readonly Harm[];
  /** Runs phases on a fresh twin. */
  readonly run: (phases: readonly Phase[]) => Course;
}

/** The first action without which less is worse, those first that have to do with it; where no single one is, all of these. Never none. */
export function culpritsOf({ course, harm, trials, harmOf, run }: HarmTrial): readonly Action[] {
  const suspects = suspectsOf(harm, course);
  const all = course.phases.flatMap(({ actions }) => actions);
  if (all.length < 2) return all;
  const keys = new Set(harm.map(({ resource }) => refKey(resource)));
  for (const action of [...new Set([...suspects, ...all])].slice(0, trials)) {
    const shorter = run(withoutActions(course.phases, new Set([action.id])));
    const left = harmOf(shorter).filter(({ resource }) => keys.has(refKey(resource)));
    shorter.stop();
    if (left.length < harm.length) return [action];
  }
  return suspects;
}
