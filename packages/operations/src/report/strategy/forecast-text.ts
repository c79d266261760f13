/** What a probability of success means, what lowers it most, and what would raise it. */
import type { PlacedAction, StrategyView } from './strategy-view.ts';
import { counted } from '../counted.ts';
import { percentText } from '../evidence-text.ts';
import type { Forecast } from '@aia/contract';
import { spanText } from './wording.ts';

const WEAKEST = 3;
/** So many times longer takes all than what is urgent, for both to be told. */
const LONGER = 1.2;

/** Reads the probability for people; `''` without a forecast. */
export function successReading(view: StrategyView): string {
  const { forecast } = view.strategy;
  if (forecast === undefined) return '';
  const needed = neededBy(view).length;
  return `${forecast.success.text}: the chance that ${needed === 1 ? 'the one action' : `all ${needed} actions`} that critical and high goals need ${needed === 1 ? 'works' : 'work'} at the first attempt. It is not the chance of ending up repaired: what fails is undone, and planned again on a fresh dump.`;
}

/** How long it takes, in half of the runs and in nine of ten; what is urgent by itself where the rest takes longer. */
export function durationReading({ durationMs, neededMs }: Forecast): string {
  const both = ({ p50, p90 }: Forecast['durationMs']) => `${spanText(p50)} (nine times of ten in ${spanText(p90)})`;
  if (neededMs === undefined || neededMs.p50 * LONGER > durationMs.p50) return `done in ${both(durationMs)}`;
  return `critical and high causes are gone in ${both(neededMs)}, all is done in ${both(durationMs)}`;
}

/** Actions that cost most probability, each with what would raise it. */
export function weakestLinks(view: StrategyView): readonly string[] {
  const chances = new Map((view.strategy.forecast?.actions ?? []).map((one) => [one.id, one]));
  return neededBy(view)
    .flatMap((placed) => {
      const chance = chances.get(placed.action.id);
      return chance === undefined ? [] : [{ placed, chance }];
    })
    .toSorted((a, b) => a.chance.probability - b.chance.probability)
    .slice(0, WEAKEST)
    .map(({ placed: { action, number }, chance: { probability, prior } }) => {
      const usual = prior.alpha / (prior.alpha + prior.beta);
      const raise =
        action.confidence < usual
          ? `its owner confirms the change beforehand, since the evidence for it is ${percentText(action.confidence)} sure`
          : `outcomes of ${counted(Math.ceil(prior.alpha + prior.beta), 'such action')} and more are recorded, since ${percentText(usual)} of its kind are taken to work (${prior.basis})`;
      return `${number} ${action.title}: ${percentText(probability)}; more, if ${raise}`;
    });
}

/** What goals that must be reached need, with all that it waits for. */
function neededBy({ actions, action, strategy: { plan } }: StrategyView): readonly PlacedAction[] {
  const needed = new Set<string>();
  const waiting = plan.goals.filter(({ isMust }) => isMust).flatMap((goal) => goal.actions);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    waiting.push(...(action(id)?.action.after ?? []));
  }
  return actions.filter((one) => needed.has(one.action.id));
}
