import type { Kpi } from '@aia/contract';
import { kpiValue } from '../../kpi-text.ts';
import { paragraph, type Cell, type Section, type Tone } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';

const GROUPS: readonly (readonly [group: Kpi['group'], title: string])[] = [
  ['infrastructure', 'Infrastructure'],
  ['agents', 'Agents'],
  ['experience', 'User experience'],
];

const TONES: Readonly<Record<Kpi['status'], Tone>> = { met: 'good', missed: 'bad', unknown: 'dim' };

/** KPIs now, as rehearsed, and their targets. */
export function kpis({ assessment, strategy: { rehearsal } }: StrategyView): Section {
  const after = new Map((rehearsal?.kpis ?? []).map((kpi) => [kpi.id, kpi]));
  return {
    id: 'kpis',
    title: 'Success metrics and KPIs',
    blocks: [
      paragraph(
        after.size === 0
          ? 'Nothing was rehearsed, so that nothing is predicted.'
          : 'Predicted is what the simulated twin shows after the plan; use that nobody measured stays unknown.',
      ),
    ],
    parts: GROUPS.map(([group, title]) => ({
      id: `kpis-${group}`,
      title,
      blocks: [
        {
          kind: 'table',
          head: ['KPI', 'Now', 'Predicted', 'Target', 'Basis, or what would measure it'],
          rows: assessment.kpis.filter((kpi) => kpi.group === group).map((kpi) => row(kpi, after.get(kpi.id))),
        },
      ],
    })),
  };
}

function row(kpi: Kpi, then: Kpi | undefined): readonly (string | Cell)[] {
  return [kpi.name, valueCell(kpi), then === undefined ? '–' : valueCell(then), kpi.target, kpi.basis];
}

function valueCell(kpi: Kpi): Cell {
  const text = kpi.value === undefined ? 'not measured' : `${kpiValue(kpi)} (${kpi.status})`;
  return { text, tone: TONES[kpi.status] };
}
