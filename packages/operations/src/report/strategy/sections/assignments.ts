import { isAsking } from '../../../plan/order/asked-early.ts';
import { counted } from '../../counted.ts';
import { fields, paragraph, type Section } from '../section.ts';
import type { PlacedAction, StrategyView } from '../strategy-view.ts';
import { firstOf, momentText, roleText, spanText } from '../wording.ts';
import { rolesOf } from './coordination.ts';

/** What each role has to do, and by when. */
export function assignments(view: StrategyView): Section {
  const { actions, strategy } = view;
  const roles = rolesOf(actions);
  const idle = (
    [
      'main-orchestrator',
      'gcp-deployment-orchestrator',
      'cryptography-agent',
      'production-readiness-assessor',
      'mlops-specialist',
      'threejs-ui-optimizer',
    ] as const
  ).filter((role) => !roles.includes(role));
  return {
    id: 'assignments',
    title: 'Team assignments',
    blocks: [
      paragraph(
        actions.length === 0
          ? 'There are no actions to assign.'
          : strategy.schedule === undefined
            ? 'Deadlines are by phase; there are no dates, since the moment that the cluster was observed at is not known.'
            : 'A deadline is the latest end of the phase, by pessimistic durations and waits for approvals, reviews and people, in working hours.',
      ),
      ...(actions.length === 0
        ? []
        : [
            paragraph(
              `Without actions of their own: ${idle.map(roleText).join(', ') || 'nobody'}. The ${roleText('main-orchestrator')} opens and closes phases, and the ${roleText('production-readiness-assessor')} sees every barrier hold.`,
            ),
          ]),
    ],
    parts: roles.map((role) => {
      const own = actions.filter(({ action }) => action.owner === role);
      const likely = own.reduce((sum, { action }) => sum + (isAsking(action) ? 0 : action.durationMs.likely), 0);
      return {
        id: `role-${role}`,
        title: `${roleText(role)}: ${counted(own.length, 'action')}${likely === 0 ? '' : `, about ${spanText(likely)} of work`}`,
        blocks: [fields(...byPhase(view, own))],
      };
    }),
  };
}

function byPhase({ strategy: { schedule } }: StrategyView, own: readonly PlacedAction[]) {
  const groups = Map.groupBy(own, ({ phase }) => phase.number);
  return [...groups].map(([number, actions]): readonly [string, string] => {
    const dates = schedule?.phases.find((phase) => phase.number === number);
    const deadline = dates === undefined ? '' : `, deadline ${momentText(dates.latestAt)}`;
    return [
      `Phase ${number}${deadline}`,
      firstOf(
        actions.map((one) => `${one.number} ${one.action.title}`),
        8,
      ).join('; '),
    ];
  });
}
