import { counted } from '../../counted.ts';
import { figureRows, outcomeSentence, outcomeTone } from '../outcome-text.ts';
import { bullets, paragraph, strong, type Block, type Cell, type Section } from '../section.ts';
import { durationReading, successReading } from '../forecast-text.ts';
import type { StrategyView } from '../strategy-view.ts';
import { firstOf, lampText, LIGHT_TONES, moneyText, sentence, summed } from '../wording.ts';

/** What to know without reading on: outcome, lights, figures, what is to be decided, what stays open. */
export function executiveSummary(view: StrategyView): Section {
  const { strategy } = view;
  return {
    id: 'executive-summary',
    title: 'Executive summary',
    blocks: [
      strong(outcomeSentence(strategy), outcomeTone(strategy)),
      paragraph(strategy.assessment.verdict.sentence),
      lightTable(view, true),
      ...figures(view),
      ...bullets('To be decided', decisions(view)),
      ...bullets('Left open', firstOf(openTexts(view), 12)),
    ],
  };
}

/** Lights now and, where the plan was rehearsed, afterwards. `saysWhy`: with what they rest on. */
export function lightTable({ strategy: { lights, rehearsal } }: StrategyView, saysWhy: boolean): Block {
  if (lights.length === 0) return paragraph('No status lights were computed.');
  const after = new Map((rehearsal?.lights ?? []).map((light) => [light.id, light]));
  const isRehearsed = after.size > 0;
  return {
    kind: 'table',
    head: ['Status', 'Now', ...(isRehearsed ? ['After the plan, on the twin'] : []), ...(saysWhy ? ['Why'] : [])],
    rows: lights.map((light): readonly (string | Cell)[] => {
      const then = after.get(light.id);
      return [
        light.name,
        { text: lampText(light), tone: LIGHT_TONES[light.colour] },
        ...(isRehearsed ? [then === undefined ? '–' : { text: lampText(then), tone: LIGHT_TONES[then.colour] }] : []),
        ...(saysWhy ? [light.basis] : []),
      ];
    }),
  };
}

function figures({ strategy: { rehearsal } }: StrategyView): readonly Block[] {
  if (rehearsal === undefined) return [];
  const { before, unchanged, after } = rehearsal;
  const moments = unchanged === undefined ? [before, after] : [before, unchanged, after];
  const head = ['Figure', 'Before', ...(unchanged === undefined ? [] : ['If nothing is done']), 'After the plan'];
  return [{ kind: 'table', head, rows: figureRows(moments) }];
}

/** What somebody has to say yes to, or do by hand. */
function decisions(view: StrategyView): readonly string[] {
  const {
    actions,
    strategy: { forecast },
  } = view;
  const numbers = (those: StrategyView['actions']) =>
    firstOf(
      those.map(({ number }) => number),
      12,
    ).join(', ');
  const approved = actions.filter(({ action }) => action.approval.isNeeded);
  const lasting = actions.filter(({ action }) => action.inverse.kind === 'irreversible');
  const personal = actions.filter(({ action }) => action.delivery !== 'cluster');
  const outages = actions.filter(({ action }) => action.disruption.isOutage);
  const monthly = actions.reduce((sum, { action }) => sum + action.money.monthly, 0);
  const currency = actions[0]?.action.money.currency ?? 'USD';
  const quota = summed(actions.flatMap(({ action }) => action.quota));
  const money = moneyText(monthly, currency);
  const one = (those: StrategyView['actions'], text: string) =>
    those.length === 0 ? [] : [`${counted(those.length, 'action')} ${text}: ${numbers(those)}.`];
  return [
    ...one(approved, 'to be approved by a person'),
    ...one(lasting, 'that cannot be undone'),
    ...one(outages, 'with something that stops answering meanwhile'),
    ...one(personal, 'made by a person, or in the source that a reconciler applies'),
    ...(money === '' ? [] : [`The whole ${money}, by list prices.`]),
    ...(quota.length === 0
      ? []
      : [
          `Cloud quotas: ${quota.map(({ metric, region, amount }) => `${amount > 0 ? '+' : '−'}${Number(Math.abs(amount).toFixed(1))} ${metric} in ${region}`).join(', ')}.`,
        ]),
    ...(forecast === undefined
      ? []
      : [
          `Success ${successReading(view)}`,
          `By the simulated runs, waits for approvals and the cloud included: ${durationReading(forecast)}.`,
        ]),
  ];
}

/** Goals that the plan does not reach, and what they would need. */
export function openTexts({ open }: StrategyView): readonly string[] {
  return open.map(
    ({ title, severity, isMust, state, because = 'no reason was recorded' }) =>
      `${isMust ? 'must, ' : ''}${severity}${state === 'partly' ? ', partly' : ''}: ${title}. ${sentence(because)}`,
  );
}
