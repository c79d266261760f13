import { bullets, paragraph, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { momentText } from '../wording.ts';

/** What changed since an earlier strategy; absent without one. */
export function changes({ strategy: { comparison } }: StrategyView): Section | undefined {
  if (comparison === undefined) return undefined;
  const { since, outcome, goals, actions, figures, forecast } = comparison;
  const named = ({ title }: { title: string }) => title;
  const moved = ({ name, before, after }: (typeof figures)[number]) => `${name}: ${before} → ${after}`;
  const blocks = [
    ...bullets('Outcome', outcome.before === outcome.after ? [] : [`${outcome.before} → ${outcome.after}`]),
    ...bullets(
      'Goals reached',
      goals.reached.map(({ title, severity }) => `${severity}: ${title}`),
    ),
    ...bullets(
      'New goals',
      goals.new.map(({ title, severity }) => `${severity}: ${title}`),
    ),
    ...bullets(
      'Goals planned otherwise',
      goals.changed.map(({ title, before, after }) => `${title}: ${before} → ${after}`),
    ),
    ...bullets('Actions added', actions.added.map(named)),
    ...bullets('Actions gone', actions.gone.map(named)),
    ...bullets(
      'Actions changed',
      actions.changed.map(({ title, differences }) => `${title}: ${differences.join('; ')}`),
    ),
    ...bullets('Figures', figures.map(moved)),
    ...bullets('Forecast', forecast.map(moved)),
  ];
  return {
    id: 'changes',
    title: 'What changed',
    blocks: [
      paragraph(
        `Since the strategy for ${since.source.name}, observed ${since.observedAt > 0 ? momentText(since.observedAt) : 'at a time not known'} (AIA ${since.version}).`,
      ),
      ...(blocks.length === 0 ? [paragraph('Nothing changed.')] : blocks),
    ],
  };
}
