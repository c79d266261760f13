import type { Role } from '@aia/contract';
import { counted } from '../../counted.ts';
import { bullets, paragraph, tableOr, type Section } from '../section.ts';
import type { PlacedAction, StrategyView } from '../strategy-view.ts';
import { firstOf, rangesOf, roleText } from '../wording.ts';

/** Who does what in which order, who hands over to whom, who must say yes, and what only persons do. */
export function coordination(view: StrategyView): Section {
  const { actions, strategy } = view;
  if (actions.length === 0)
    return {
      id: 'coordination',
      title: 'Agent coordination',
      blocks: [paragraph('There are no actions, so that nobody has anything to hand over.')],
    };
  const approvals = actions.filter(({ action }) => action.approval.isNeeded);
  return {
    id: 'coordination',
    title: 'Agent coordination',
    blocks: [
      paragraph(
        `The ${roleText('main-orchestrator')} opens each phase and closes it when the ${roleText('production-readiness-assessor')} has seen its barrier hold; within a phase each role works on its own actions.`,
      ),
      {
        kind: 'table',
        head: ['Phase', 'Who does what', 'Barrier'],
        rows: strategy.plan.phases.map(({ number, name, barrier }) => [
          `${number} ${name}`,
          rolesOf(actions.filter(({ phase }) => phase.number === number))
            .map((role) => `${roleText(role)}: ${rangesOf(ownOf(actions, role, number))}`)
            .join('; '),
          counted(barrier.length, 'condition'),
        ]),
      },
      ...bullets('Hand-overs between roles', firstOf(handOvers(view), 20)),
      ...(approvals.length === 0 ? [] : [paragraph(`${counted(approvals.length, 'action')} to be approved before:`)]),
      tableOr(
        'No action needs the approval of a person.',
        ['Action', 'Approved by', 'Why'],
        approvals.map(({ action: { title, approval }, number }) => [
          `${number} ${title}`,
          approval.approvers.length === 0 ? 'a person; the policy names none' : approval.approvers.join(', '),
          approval.reasons.join('; '),
        ]),
      ),
      ...bullets('What only persons do', personal(actions)),
    ],
  };
}

/** Roles with actions, in the order in which they begin. */
export function rolesOf(actions: readonly PlacedAction[]): readonly Role[] {
  return [...new Set(actions.map(({ action }) => action.owner))];
}

function ownOf(actions: readonly PlacedAction[], role: Role, number: number): readonly PlacedAction[] {
  return actions.filter(({ action, phase }) => phase.number === number && action.owner === role);
}

/** Over each barrier to the roles of the next phase; and dependencies whose two ends belong to different roles. */
function handOvers({ strategy: { plan }, actions, action }: StrategyView): readonly string[] {
  const rolesIn = (number: number | undefined) => rolesOf(actions.filter(({ phase }) => phase.number === number));
  const barriers = plan.phases.slice(0, -1).flatMap(({ number }, i) => {
    const from = rolesIn(number);
    const to = rolesIn(plan.phases[i + 1]?.number).filter((role) => from.length !== 1 || role !== from[0]);
    if (to.length === 0) return [];
    return [`after the barrier of phase ${number}: ${from.map(roleText).join(', ')} to ${to.map(roleText).join(', ')}`];
  });
  const single = plan.dependencies.flatMap(({ from, to, reason }) => {
    const [before, after] = [action(from), action(to)];
    if (before === undefined || after === undefined || before.action.owner === after.action.owner) return [];
    return [
      `${roleText(before.action.owner)} to ${roleText(after.action.owner)}: ${after.number} begins after ${before.number}; ${reason}`,
    ];
  });
  return [...barriers, ...single];
}

function personal(actions: readonly PlacedAction[]): readonly string[] {
  return actions.flatMap(({ action, number }) => [
    ...action.steps.flatMap(({ change }) => (change.kind === 'manual' ? [`${number}: ${change.instruction}`] : [])),
    ...(action.delivery === 'source'
      ? [`${number}: ${action.title}, in ${action.ownership?.source ?? 'the source that is applied'}`]
      : []),
  ]);
}
