import { isAsking } from '../../../plan/order/asked-early.ts';
import { outcomeSentence, outcomeTone } from '../outcome-text.ts';
import { bullets, fields, paragraph, strong, type Block, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { durationReading, successReading, weakestLinks } from '../forecast-text.ts';
import { firstOf, moneyText, momentText, roleText, spanText, summed } from '../wording.ts';
import { lightTable } from './executive-summary.ts';

/** The whole on one page: lights, what to do at once, probability, when it is done, what decides that, what it costs. */
export function dashboard(view: StrategyView): Section {
  const { strategy, actions } = view;
  const first = actions.filter(({ phase }) => phase.number === strategy.plan.phases[0]?.number);
  return {
    id: 'dashboard',
    title: 'Executive dashboard',
    blocks: [
      strong(outcomeSentence(strategy), outcomeTone(strategy)),
      lightTable(view, false),
      ...bullets(
        'Immediate actions',
        firstOf(
          first.map(
            ({ action, number }) =>
              `${number} ${action.title}: ${isAsking(action) ? `answered in about ${spanText(action.durationMs.likely)}, others need not wait` : spanText(action.durationMs.likely)}${action.approval.isNeeded ? ', after approval' : ''} (${roleText(action.owner)})`,
          ),
          8,
        ),
      ),
      ...forecastBlocks(view),
    ],
  };
}

function forecastBlocks(view: StrategyView): readonly Block[] {
  const { strategy, actions, action: find } = view;
  const { forecast, schedule, plan, rehearsal } = strategy;
  if (plan.outcome !== 'plan') return [];
  if (forecast === undefined)
    return [paragraph('No forecast: success and duration were not computed, and none is guessed.')];
  const monthly = actions.reduce((sum, { action }) => sum + action.money.monthly, 0);
  const money = moneyText(monthly, actions[0]?.action.money.currency ?? 'USD');
  const [path] = forecast.criticalPath;
  const numbers = (path?.actions ?? []).map((id) => find(id)?.number ?? id);
  const [costBefore, costAfter] = [rehearsal?.before.monthlyCost, rehearsal?.after.monthlyCost];
  return [
    fields(
      ['Success probability', `${successReading(view)} Interval, method and seed: see the appendix.`],
      [
        'Confidence in the twin',
        rehearsal === undefined
          ? ''
          : `${Math.round(rehearsal.confidence * 100)} %, with ${rehearsal.assumptions.length} assumptions`,
      ],
      [
        'Estimated resolution',
        `${durationReading(forecast)}, work and waiting${schedule === undefined ? '' : `; on the calendar expected ${momentText(schedule.endsAt)}, at the latest ${momentText(schedule.latestAt)}`}`,
      ],
      [
        'Critical path of the urgent',
        path === undefined
          ? ''
          : `${numbers.join(' → ')} (the longest in ${Math.round(path.share * 100)} % of the runs)`,
      ],
      [
        'Cost',
        `${money === '' ? 'no effect by list prices' : money}${costBefore === undefined || costAfter === undefined ? '' : `; on the twin ${Math.round(costBefore)} before, ${Math.round(costAfter)} after`}`,
      ],
      [
        'Cloud quotas',
        summed(actions.flatMap(({ action }) => action.quota))
          .map(
            ({ metric, region, amount }) =>
              `${amount > 0 ? '+' : '−'}${Number(Math.abs(amount).toFixed(1))} ${metric} in ${region}`,
          )
          .join(', '),
      ],
    ),
    ...bullets('What lowers success most', weakestLinks(view)),
  ];
}
