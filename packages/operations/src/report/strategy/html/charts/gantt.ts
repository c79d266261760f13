/** When what is done, as expected durations and waits say: phases with their actions, what is on the critical path marked. */
import type { Action, Strategy } from '@aia/contract';
import { reckoned } from '../../../../plan/forecast/waiting.ts';
import { clipped } from '../../../layout.ts';
import { markup, type Markup } from '../../../html/markup.ts';
import { spanText } from '../../wording.ts';
import { LEFT, LENGTH, placeOf, round, WIDTH } from './scale.ts';

const ROW = 22;
const TOP = 8;
/** More actions than these make rows that nobody reads; phases then stand alone. */
const MOST_ACTIONS = 40;

interface Row {
  readonly name: string;
  /** Shown when pointed at. */
  readonly title: string;
  readonly kind: 'phase' | 'action';
  readonly isCritical: boolean;
  /** Milliseconds from the beginning. */
  readonly from: number;
  readonly to: number;
}

/** The drawing; `undefined` where nothing is planned. */
export function ganttChart(strategy: Strategy): Markup | undefined {
  const rows = rowsOf(strategy);
  const end = Math.max(0, ...rows.map(({ to }) => to));
  if (end === 0) return undefined;
  const height = TOP + rows.length * ROW + 24;
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Phases and actions over time, by their expected durations">
${rows.map((row, i) => rowMarkup(row, TOP + i * ROW, end))}
${ticks(end, TOP + rows.length * ROW)}</svg>`;
}

/** Inside a phase by what waits for what, phases one after the other. */
function rowsOf({ plan, forecast }: Strategy): readonly Row[] {
  const critical = new Set(forecast?.criticalPath[0]?.actions ?? []);
  const count = plan.phases.reduce((sum, { actions }) => sum + actions.length, 0);
  const rows: Row[] = [];
  let start = 0;
  for (const { number, name, actions } of plan.phases) {
    const ends = endsOf(actions, start);
    const end = Math.max(start, ...ends.values());
    rows.push({ name: `${number}. ${name}`, title: name, kind: 'phase', isCritical: false, from: start, to: end });
    if (count <= MOST_ACTIONS)
      for (const [i, action] of actions.entries()) {
        const { id, title, target } = action;
        const to = ends.get(id) ?? start;
        const place = { from: to - reckoned(action).expected, to };
        rows.push({
          name: `${number}.${i + 1} ${target.name}`,
          title,
          kind: 'action',
          isCritical: critical.has(id),
          ...place,
        });
      }
    start = end;
  }
  return rows;
}

function endsOf(actions: readonly Action[], start: number): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  let left = actions;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => id));
    const free = left.filter(({ after }) => !after.some((id) => waiting.has(id)));
    const ready = free.length > 0 ? free : left;
    for (const action of ready) {
      const begins = Math.max(start, ...action.after.map((one) => ends.get(one) ?? start));
      ends.set(action.id, begins + reckoned(action).expected);
    }
    left = left.filter((one) => !ready.includes(one));
  }
  return ends;
}

function rowMarkup({ name, title, kind, isCritical, from, to }: Row, y: number, end: number): Markup {
  const [left, right] = [placeOf(from, end), placeOf(to, end)];
  const [height, inset] = kind === 'phase' ? [6, 8] : [12, 5];
  return markup`<text class="${kind === 'phase' ? 'name' : 'small'}" x="${kind === 'phase' ? 0 : 10}" y="${y + 15}">${clipped(name, kind === 'phase' ? 26 : 30)}<title>${title}</title></text><rect class="gantt-${kind}${isCritical ? ' critical-path' : ''}" x="${left}" y="${y + inset}" width="${round(Math.max(2, right - left))}" height="${height}" rx="2"/><text class="small" x="${round(right + 5)}" y="${y + 15}">${kind === 'action' ? spanText(to - from) : ''}${isCritical ? ' ●' : ''}</text>
`;
}

function ticks(end: number, y: number): Markup {
  const marks = Array.from({ length: 5 }, (_, i) => (end * i) / 4);
  return markup`<path class="axis" d="M${LEFT} ${y}H${LEFT + LENGTH}"/>${marks.map(
    (at) =>
      markup`<text class="small" x="${placeOf(at, end)}" y="${y + 15}" text-anchor="middle">${at === 0 ? 'start' : spanText(at)}</text>`,
  )}`;
}
