/** The drawings of the document, by the section that they stand in. What each shows also stands there as text. */
import type { Strategy, TwinFigures } from '@aia/contract';
import { laneOf } from '../../causal-lane.ts';
import { percentText } from '../../evidence-text.ts';
import { clipped } from '../../layout.ts';
import { laneSvg } from '../../html/lane-svg.ts';
import { markup, type Markup } from '../../html/markup.ts';
import { barChart, type BarRow } from './charts/bar-chart.ts';
import { ganttChart } from './charts/gantt.ts';
import { viewOf, type StrategyView } from '../strategy-view.ts';
import type { Drawings } from './section-markup.ts';

/** Causes that are drawn. */
const MOST_LANES = 8;
const MOST_QUOTAS = 10;

/** All drawings of a strategy. */
export function drawingsOf(strategy: Strategy): Drawings {
  const { targets } = viewOf(strategy);
  const drawings = new Map<string, Markup>();
  const put = (section: string, caption: string, drawing: Markup | undefined) => {
    if (drawing !== undefined) drawings.set(section, markup`${drawings.get(section)}${framed(caption, drawing)}`);
  };
  put('machines', 'Requests of what nodes offer, today and after the plan', utilisationChart(strategy, targets));
  put('quotas', 'Use of cloud quotas, today and after the plan', quotaChart(strategy, targets));
  put('root-causes', 'From causes to what fails', lanesMarkup(strategy));
  put(
    'roadmap',
    'Phases and actions by their expected durations; pale: waiting for people or the cloud; ● on the critical path',
    ganttChart(strategy),
  );
  return drawings;
}

function framed(caption: string, drawing: Markup): Markup {
  return markup`<figure><figcaption>${caption}</figcaption><div class="scroll" tabindex="0" role="region" aria-label="${caption}">${drawing}</div></figure>
`;
}

function utilisationChart(
  { rehearsal }: Strategy,
  { utilisation: { min, max } }: StrategyView['targets'],
): Markup | undefined {
  if (rehearsal === undefined) return undefined;
  const row = (name: string, of: (figures: TwinFigures) => number | undefined): BarRow => ({
    name,
    before: of(rehearsal.before),
    after: of(rehearsal.after),
  });
  const rows = [
    row('CPU', ({ requestedCpu }) => requestedCpu),
    row('Memory', ({ requestedMemory }) => requestedMemory),
  ];
  if (rows.every(({ before }) => before === undefined)) return undefined;
  return barChart(
    rows,
    { from: min, to: max, text: `aim: ${percentText(min)} to ${percentText(max)}` },
    'CPU and memory requested of what nodes offer, today and after the plan',
  );
}

function quotaChart({ assessment, rehearsal }: Strategy, { quotaShare }: StrategyView['targets']): Markup | undefined {
  const { quotas = [] } = assessment;
  const after = new Map((rehearsal?.quotas ?? []).map((one) => [`${one.region}/${one.metric}`, one.share]));
  const rows = quotas
    .filter(({ limit, usage }) => limit > 0 && usage > 0)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_QUOTAS)
    .map(({ metric, region, share }): BarRow => ({
      name: `${metric} ${region}`,
      before: share,
      after: after.get(`${region}/${metric}`),
    }));
  return rows.length === 0
    ? undefined
    : barChart(
        rows,
        { from: 0, to: quotaShare, text: `aim: up to ${percentText(quotaShare)}` },
        'Cloud quotas used of their limits, today and after the plan',
      );
}

function lanesMarkup({ assessment }: Strategy): Markup | undefined {
  const { rootCauses, findings } = assessment;
  const known = new Map(findings.map((finding) => [finding.id, finding]));
  const lanes = rootCauses
    .slice(0, MOST_LANES)
    .filter(({ chain }) => chain.length > 0)
    .map(
      (cause) =>
        markup`<p class="label">${clipped(cause.title, 200)}</p>${laneSvg(laneOf(cause, known), `Causal graph: ${clipped(cause.title, 200)}`, () => undefined)}`,
    );
  return lanes.length === 0 ? undefined : markup`${lanes}`;
}
