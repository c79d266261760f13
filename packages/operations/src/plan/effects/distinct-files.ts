/** Files of a phase lie in one folder, so that no two with different contents may bear one name. */
import type { Action, Phase, Plan, Step } from '@aia/contract';

/** The plan with the later of two files of one name and phase numbered, in its commands as well. */
export function withDistinctFiles(plan: Plan): Plan {
  return { ...plan, phases: plan.phases.map(phaseOf) };
}

function phaseOf(phase: Phase): Phase {
  const [forward, back] = [new Map<string, string>(), new Map<string, string>()];
  const actions = phase.actions.map((action): Action => ({
    ...action,
    steps: action.steps.map((step) => renamed(step, forward)),
    inverse:
      action.inverse.kind === 'reversible'
        ? { ...action.inverse, steps: action.inverse.steps.map((step) => renamed(step, back)) }
        : action.inverse,
  }));
  return { ...phase, actions };
}

/** `taken`: contents by name. */
function renamed(step: Step, taken: Map<string, string>): Step {
  const { file, manifest = '', command } = step;
  if (file === undefined) return step;
  const [, stem = file, ending = ''] = /^(.*?)((?:\.patch)?\.ya?ml)$/.exec(file) ?? [];
  let name = file;
  for (let count = 2; (taken.get(name) ?? manifest) !== manifest; count++) name = `${stem}-${count}${ending}`;
  taken.set(name, manifest);
  return name === file ? step : { ...step, file: name, command: command.replace(file, () => name) };
}
