import type { Plan, Step } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../action.suite.ts';
import { withDistinctFiles } from './distinct-files.ts';

const step = (file: string, manifest: string): Step => ({
  change: { kind: 'manual', instruction: 'look', about: undefined } as unknown as Step['change'],
  command: `kubectl patch deployment/web -n shop --type=json --patch-file=${file}`,
  file,
  manifest,
});

function planOf(...phases: readonly (readonly Step[])[]): Plan {
  return {
    ...{ outcome: 'plan', reason: '', goals: [], dependencies: [], rejected: [] },
    phases: phases.map((steps, i) => ({
      ...{ number: i + 1, name: '', priority: 'high', purpose: '', barrier: [] },
      actions: steps.map((one, n) => ({
        ...actionOf(`${i}-${n}`),
        steps: [one],
        inverse: { kind: 'reversible' as const, steps: [one] },
      })),
    })),
  };
}

const filesOf = (plan: Plan) =>
  plan.phases.map(({ actions }) => actions.flatMap(({ steps }) => steps.map(({ file }) => file)));

describe('files of a phase', () => {
  it('bear different names where they differ, and commands name theirs', () => {
    const plan = withDistinctFiles(planOf([step('web.patch.yaml', 'a'), step('web.patch.yaml', 'b')]));
    expect(filesOf(plan)).toEqual([['web.patch.yaml', 'web-2.patch.yaml']]);
    for (const { steps, inverse } of plan.phases.flatMap(({ actions }) => actions))
      for (const { command, file = '' } of [...steps, ...(inverse.kind === 'reversible' ? inverse.steps : [])])
        expect(command.endsWith(`=${file}`)).toBe(true);
  });

  it('take no name that another one has', () => {
    const plan = withDistinctFiles(planOf([step('web.yaml', 'a'), step('web-2.yaml', 'b'), step('web.yaml', 'c')]));
    expect(filesOf(plan)).toEqual([['web.yaml', 'web-2.yaml', 'web-3.yaml']]);
  });

  it('keep their names where they say the same, and in different phases', () => {
    const plan = planOf([step('web.yaml', 'a'), step('web.yaml', 'a')], [step('web.yaml', 'b')]);
    expect(withDistinctFiles(plan)).toEqual(plan);
  });
});
