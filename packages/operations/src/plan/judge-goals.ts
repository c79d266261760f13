/** What became of goals in a plan. */
import type { Goal, Rejected } from '@aia/contract';
import type { Planning } from './planning.ts';
import { gradeOf, isManual, type Candidate } from './search/candidate.ts';

/** What a plan makes of each goal, and of what stays open why and what would be needed. */
export function judgeGoals(
  planning: Planning,
  chosen: readonly Candidate[],
  rejected: readonly Rejected[],
): readonly Goal[] {
  const causes = new Map(planning.causes.map((cause) => [cause.id, cause]));
  return planning.goals.map((goal): Goal => {
    if (goal.state === 'accepted') return goal;
    const serving = chosen.filter(({ remedy }) => remedy.resolves.includes(goal.id));
    const actions = [...new Set(serving.flatMap((one) => one.actions.map(({ id }) => id)))];
    if (serving.length === 0)
      return { ...goal, because: whyOpen(goal, rejected, causes.get(goal.id)?.remediation.text) };
    if (serving.some((one) => gradeOf(one) === 1)) return { ...goal, state: 'planned', actions };
    const because = serving.every(isManual)
      ? 'Nothing that was read tells what is right; a person has to do what the action says.'
      : 'What is planned treats its effect and not the cause itself.';
    return { ...goal, state: 'partly', actions, because };
  });
}

const TOLD = 2;

function whyOpen(goal: Goal, rejected: readonly Rejected[], remediation: string | undefined): string {
  const needed = remediation === undefined ? '' : ` Needed: ${remediation}`;
  const tried = rejected.filter(({ goals }) => goals.includes(goal.id));
  if (tried.length === 0) return `No action is known for it.${needed}`;
  const told = tried.slice(0, TOLD).map(({ title, reason }) => `“${title}” is out: ${reason}`);
  const more = tried.length > TOLD ? ` ${tried.length - TOLD} more are out as well.` : '';
  return `${told.join(' ')}${more}${needed}`;
}
