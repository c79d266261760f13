import { refText } from '@aia/cluster';
import { percentText } from '../../evidence-text.ts';
import { conditionText } from '../condition-text.ts';
import { counted } from '../../counted.ts';
import { bullets, paragraph, tableOr, type Block, type Cell, type Section } from '../section.ts';
import type { PlacedAction, StrategyView } from '../strategy-view.ts';
import { dayText, firstOf, quotaRequests, rangesOf, sentence } from '../wording.ts';

/** One risk; likelihood and impact run from 1 (low) to 3 (high). */
interface Risk {
  readonly title: string;
  /** Number of the action whose it is. */
  readonly action?: string;
  readonly likelihood: number;
  readonly impact: number;
  readonly trigger: string;
  readonly mitigation: string;
  readonly contingency: string;
}

const MOST = 25;
/** What scores less is named only. */
const LEAST_SCORE = 3;
const WORDS = ['', 'low', 'medium', 'high'];

/** What can go wrong, how it shows, what lessens it, and what to do then; the gravest first. */
export function risks(view: StrategyView): Section {
  const all = [
    ...actionRisks(view),
    ...openRisks(view),
    ...twinRisks(view),
    ...addressRisks(view),
    ...quotaRisks(view),
    ...certificateRisks(view),
  ].toSorted((a, b) => scoreOf(b) - scoreOf(a));
  const grave = all.filter((one) => scoreOf(one) >= LEAST_SCORE).slice(0, MOST);
  return {
    id: 'risks',
    title: 'Risks, mitigation and contingency',
    blocks:
      all.length === 0
        ? [paragraph('No action is planned, nothing is left open and nothing runs out: there is no risk to list.')]
        : [
            ...(view.actions.length === 0
              ? []
              : [
                  paragraph(
                    'Likelihood of an action is that it fails when its turn comes, by the forecast where there is one, else by its score; its impact is high where something stops answering or it cannot be undone, medium where pods are replaced.',
                  ),
                ]),
            tableOr(
              `No risk scores ${LEAST_SCORE} of 9 or more.`,
              ['Risk', 'Likelihood × impact', 'Trigger', 'Mitigation', 'Contingency'],
              grave.map(
                ({ title, likelihood, impact, trigger, mitigation, contingency }): readonly (string | Cell)[] => [
                  title,
                  {
                    text: `${WORDS[likelihood]} × ${WORDS[impact]} = ${likelihood * impact}`,
                    tone: likelihood * impact >= 6 ? 'bad' : likelihood * impact >= 3 ? 'warn' : 'dim',
                  },
                  ...[trigger, mitigation, contingency],
                ],
              ),
            ),
            ...smaller(
              view,
              all.filter((one) => !grave.includes(one)),
            ),
          ],
  };
}

function scoreOf({ likelihood, impact }: Risk): number {
  return likelihood * impact;
}

/** Actions by their numbers, since their probes, undo and mitigation stand with them; others by their titles. */
function smaller({ actions }: StrategyView, rest: readonly Risk[]): readonly Block[] {
  const ids = new Set(rest.flatMap(({ action }) => action ?? []));
  const numbers = rangesOf(actions.filter(({ number }) => ids.has(number)));
  return bullets(`Smaller risks, of a score below ${LEAST_SCORE} or beyond the ${MOST} gravest`, [
    ...(numbers === ''
      ? []
      : [
          `${counted(ids.size, 'action')}: ${numbers}. Each has its probe, what undoes it and what lessens its risk beside it.`,
        ]),
    ...firstOf(
      rest.flatMap(({ action, title, trigger }) => (action === undefined ? [`${title}: ${trigger}`] : [])),
      12,
    ),
  ]);
}

function level(share: number): number {
  return share >= 0.3 ? 3 : share >= 0.1 ? 2 : 1;
}

function actionRisks({ actions, strategy: { forecast } }: StrategyView): readonly Risk[] {
  const chances = new Map((forecast?.actions ?? []).map(({ id, probability }) => [id, probability]));
  return actions.map((placed): Risk => {
    const { action, number } = placed;
    const probability = chances.get(action.id);
    const { disruption, inverse, probe, risk } = action;
    const [first] = probe.conditions;
    return {
      action: number,
      title: `${number} ${action.title}: ${worstOf(risk)}`,
      likelihood: level(probability === undefined ? risk.score : 1 - probability),
      impact: disruption.isOutage || inverse.kind === 'irreversible' ? 3 : disruption.pods > 0 ? 2 : 1,
      trigger: first === undefined ? 'its goal is still there' : `not so in time: ${conditionText(first)}`,
      mitigation: mitigationOf(placed),
      contingency:
        inverse.kind === 'irreversible'
          ? `none; it cannot be undone: ${sentence(inverse.reason)}`
          : inverse.steps.length === 0
            ? 'nothing to undo'
            : `undo ${number} by ${counted(inverse.steps.length, 'command')} beside it, then plan again`,
    };
  });
}

/** What is inherent tells least. */
function worstOf({ reasons, level: word }: PlacedAction['action']['risk']): string {
  return reasons.find((reason) => !reason.startsWith('inherent')) ?? reasons[0] ?? `risk ${word}`;
}

function mitigationOf({ action, outcome }: PlacedAction): string {
  const parts = [
    ...(outcome?.outcome === 'held' ? ['rehearsed on the twin, where its probe held'] : []),
    ...(action.preconditions.length > 0 ? ['preconditions looked up before'] : []),
    ...(action.disruption.budgets.length > 0 ? [`within ${firstOf(action.disruption.budgets, 2).join(', ')}`] : []),
    ...(action.approval.isNeeded ? ['approved by a person'] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function openRisks({ open }: StrategyView): readonly Risk[] {
  return open
    .filter(({ isMust }) => isMust)
    .map(({ title, severity, because = 'no action is known' }) => ({
      title: `Left open: ${title}`,
      likelihood: 3,
      impact: severity === 'critical' ? 3 : 2,
      trigger: 'it is so already',
      mitigation: sentence(because),
      contingency: 'a person plans it; see what is missing in the summary',
    }));
}

function twinRisks({ strategy: { rehearsal } }: StrategyView): readonly Risk[] {
  return (rehearsal?.assumptions ?? [])
    .filter(({ confidenceLoss }) => confidenceLoss >= 0.01)
    .map(({ about, message, effect, confidenceLoss }) => ({
      title: `The twin assumes of ${about}: ${message}`,
      likelihood: level(confidenceLoss * 2),
      impact: 2,
      trigger: effect,
      mitigation: `counted in the confidence of the rehearsal (−${percentText(confidenceLoss)})`,
      contingency: 'stop at the barrier of the phase, and plan again on a fresh dump',
    }));
}

/** What stands outside of the cluster knows addresses that the cloud may give to others. */
function addressRisks({ inventory: { loadBalancers }, actions }: StrategyView): readonly Risk[] {
  const reserved = new Set(
    actions.flatMap(({ action: { steps } }) =>
      steps.flatMap(({ change }) =>
        change.kind === 'cloud' && change.call.operation === 'reserve-address' ? [change.call.address] : [],
      ),
    ),
  );
  const loose = loadBalancers.filter(
    ({ toReserve, addresses }) => toReserve !== undefined && !addresses.some((one) => reserved.has(one)),
  );
  if (loose.length === 0) return [];
  return [
    {
      title: `${loose.length === 1 ? '1 address in use is' : `${loose.length} addresses in use are`} not reserved`,
      likelihood: 1,
      impact: 3,
      trigger: 'its Service is deleted, made anew or given another type: the address goes back to the cloud',
      mitigation: 'reserve them while they are in use; the commands stand under Load balancers',
      contingency: 'ask for the same address again at once; else point DNS and clients at the new one',
    },
  ];
}

function quotaRisks({ assessment: { quotas = [] }, actions }: StrategyView): readonly Risk[] {
  return quotas.flatMap(({ metric, region, forecast, limit, share }) => {
    const relief = actions.filter(
      ({ action }) =>
        action.quota.some((one) => one.metric === metric && one.region === region && one.amount < 0) ||
        quotaRequests(action).some((one) => one.metric === metric && one.region === region),
    );
    if (forecast === undefined && share < 0.9) return [];
    return [
      {
        title: `Quota ${metric} in ${region} runs out`,
        likelihood: share >= 0.9 ? 3 : 2,
        impact: 2,
        trigger:
          forecast === undefined
            ? `used to ${percentText(share)} of ${limit}`
            : `at ${Number(forecast.perDay.toFixed(2))} more a day around ${dayText(forecast.at)}`,
        mitigation:
          relief.length === 0
            ? 'none in this plan'
            : `eased by ${firstOf(
                relief.map(({ number }) => number),
                4,
              ).join(', ')}`,
        contingency: 'ask for more quota with the figures of this document; an increase takes days',
      },
    ];
  });
}

function certificateRisks({ assessment: { certificates = [] } }: StrategyView): readonly Risk[] {
  return certificates
    .filter(({ state }) => state === 'expiring' || state === 'expired' || state === 'faulty')
    .map(({ place, state, daysLeft, breaks, renewedBy, resource }) => ({
      title: `Certificate at ${place} is ${state}`,
      likelihood: state === 'expiring' && renewedBy.by !== 'nobody-known' ? 1 : 3,
      impact: 3,
      trigger: daysLeft === undefined ? 'clients refuse it' : `${daysLeft} days left`,
      mitigation: renewedBy.by === 'nobody-known' ? 'nobody is known to renew it' : `renewed by ${renewedBy.text}`,
      contingency: `${breaks}; issue it anew for ${refText(resource)}`,
    }));
}
