import type { Phase } from '@aia/contract';
import { isAsking } from '../../../plan/order/asked-early.ts';
import { durationReading } from '../forecast-text.ts';
import { bullets, paragraph, type Block, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { dayText, momentText, roleText, spanText } from '../wording.ts';

/** The plan with boxes to tick, on dates where these can be told. */
export function roadmap(view: StrategyView): Section {
  const { plan, schedule, forecast } = view.strategy;
  if (plan.phases.length === 0)
    return {
      id: 'roadmap',
      title: 'Roadmap and timeline',
      blocks: [paragraph('There is nothing to carry out, and so no date.')],
    };
  return {
    id: 'roadmap',
    title: 'Roadmap and timeline',
    blocks: [
      paragraph(
        schedule === undefined
          ? 'No dates: the moment that the cluster was observed at is not known.'
          : `From ${momentText(schedule.startsAt)} to ${momentText(schedule.endsAt)}, at the latest ${momentText(schedule.latestAt)}. The rule that dates follow stands in the appendix.`,
      ),
      ...(forecast === undefined
        ? []
        : [paragraph(`By the simulated runs, work and waiting: ${durationReading(forecast)}.`)]),
    ],
    parts: [...plan.phases.map((phase) => phaseTasks(view, phase)), closing(view)],
  };
}

function phaseTasks(view: StrategyView, phase: Phase): Section {
  const dates = view.strategy.schedule?.phases.find(({ number }) => number === phase.number);
  const when = dates === undefined ? '' : `, ${dayText(dates.startsAt)}`;
  return {
    id: `roadmap-${phase.number}`,
    title: `Phase ${phase.number}: ${phase.name}${when}`,
    blocks: [tasks(view, phase.number)],
  };
}

function tasks({ actions, action: find, strategy: { plan } }: StrategyView, number: number): Block {
  const awaits = plan.phases.find((phase) => phase.number === number)?.awaits ?? [];
  const own = actions.filter(({ phase }) => phase.number === number);
  return {
    kind: 'tasks',
    items: [
      ...own.map(
        ({ action, number: at }) =>
          `${at} ${action.title} (${roleText(action.owner)}, ${isAsking(action) ? `the answer takes about ${spanText(action.durationMs.likely)}` : spanText(action.durationMs.likely)}${action.approval.isNeeded ? ', after approval' : ''})`,
      ),
      ...awaits.flatMap((id) => {
        const placed = find(id);
        return placed === undefined ? [] : [`${placed.number} is granted`];
      }),
      `Barrier of phase ${number} holds (${roleText('production-readiness-assessor')})`,
    ],
  };
}

function closing({ open }: StrategyView): Section {
  return {
    id: 'roadmap-closing',
    title: 'Afterwards',
    blocks: [
      {
        kind: 'tasks',
        items: [
          'Test suites 1 to 3 pass against the cluster',
          'Alert rules and dashboard are applied, and a test alert has arrived',
          'aia plan --diff with this strategy shows its goals as reached',
        ],
      },
      ...bullets(
        'Still open, to be planned by persons',
        open.map(({ title }) => title),
      ),
    ],
  };
}
