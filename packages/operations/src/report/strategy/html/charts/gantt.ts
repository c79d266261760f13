/** When what is done, as expected durations and waits say: phases with their actions, what is on the critical path marked. */
import type { Action, Strategy } from '@aia/contract';
import { endsOf, predecessorsOf } from '../../../../plan/forecast/longest-path.ts';
import { reckoned, workOf } from '../../../../plan/forecast/waiting.ts';
import { isAsking } from '../../../../plan/order/asked-early.ts';
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
  /** What of it is waiting, for people or for the cloud: its beginning or its end. */
  readonly waits: readonly [from: number, to: number];
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

/** Each as soon as what it waits for has ended: others of its phase, the barrier before, answers. */
function rowsOf({ plan, forecast }: Strategy): readonly Row[] {
  const critical = new Set(forecast?.criticalPath[0]?.actions ?? []);
  const actions = plan.phases.flatMap((phase) => phase.actions);
  const ends = endsOf(
    predecessorsOf(plan),
    actions.map((action) => reckoned(action).expected),
  );
  const awaited = new Set(plan.phases.flatMap(({ awaits = [] }) => awaits));
  const placed = actions.map((action, i) => placeIn(action, ends[i] ?? 0));
  const byId = new Map(actions.map(({ id }, i) => [id, placed[i]]));
  return plan.phases.flatMap(({ number, name, actions: own, awaits = [] }): readonly Row[] => {
    const spans = own.filter(({ id }) => !awaited.has(id)).flatMap(({ id }) => byId.get(id) ?? []);
    const worked = Math.max(0, ...spans.map(({ to }) => to));
    const from = Math.min(worked, ...spans.map((span) => span.from));
    const to = Math.max(worked, ...awaits.map((id) => byId.get(id)?.to ?? 0));
    return [
      { name: `${number}. ${name}`, title: name, kind: 'phase', isCritical: false, from, to, waits: [worked, to] },
      ...(actions.length > MOST_ACTIONS ? [] : own).flatMap(({ id, title, target }, i): readonly Row[] => {
        const span = byId.get(id);
        const row = { name: `${number}.${i + 1} ${target.name}`, title, kind: 'action' as const };
        return span === undefined ? [] : [{ ...row, isCritical: critical.has(id), ...span }];
      }),
    ];
  });
}

/** Waits come first; what only asks does nothing but wait. */
function placeIn(action: Action, to: number): Pick<Row, 'from' | 'to' | 'waits'> {
  const from = to - reckoned(action).expected;
  return { from, to, waits: [from, isAsking(action) ? to : to - workOf(action)] };
}

function rowMarkup({ name, title, kind, isCritical, from, to, waits }: Row, y: number, end: number): Markup {
  const [height, inset] = kind === 'phase' ? [6, 8] : [12, 5];
  const tone = `gantt-${kind}${isCritical ? ' critical-path' : ''}`;
  const bar = (word: string, begins: number, ends: number) => {
    const [left, right] = [placeOf(begins, end), placeOf(ends, end)];
    return markup`<rect class="${tone}${word}" x="${left}" y="${y + inset}" width="${round(Math.max(2, right - left))}" height="${height}" rx="2"/>`;
  };
  const work: readonly [number, number] = waits[0] > from ? [from, waits[0]] : [waits[1], to];
  return markup`<text class="${kind === 'phase' ? 'name' : 'small'}" x="${kind === 'phase' ? 0 : 10}" y="${y + 15}">${clipped(name, kind === 'phase' ? 26 : 30)}<title>${title}</title></text>${waits[1] > waits[0] ? bar(' waiting', waits[0], waits[1]) : undefined}${work[1] > work[0] ? bar('', work[0], work[1]) : undefined}<text class="small" x="${round(placeOf(to, end) + 5)}" y="${y + 15}">${kind === 'action' ? spanText(to - from) : ''}${isCritical ? ' ●' : ''}</text>
`;
}

function ticks(end: number, y: number): Markup {
  const marks = Array.from({ length: 5 }, (_, i) => (end * i) / 4);
  return markup`<path class="axis" d="M${LEFT} ${y}H${LEFT + LENGTH}"/>${marks.map(
    (at) =>
      markup`<text class="small" x="${placeOf(at, end)}" y="${y + 15}" text-anchor="middle">${at === 0 ? 'start' : spanText(at)}</text>`,
  )}`;
}
