/** Shares before and after, one pair of bars each, against a band or a limit that they should keep. */
import { percentText } from '../../../evidence-text.ts';
import { clipped } from '../../../layout.ts';
import { markup, type Markup } from '../../../html/markup.ts';
import { LEFT, LENGTH, placeOf, round, WIDTH } from './scale.ts';

/** One pair of bars. */
export interface BarRow {
  readonly name: string;
  /** Shares of the whole, 0 upwards; `undefined` where it is not known. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** What the shares should keep: at least `from`, at most `to`. */
export interface Band {
  readonly from: number;
  readonly to: number;
  /** As in `60 to 80 %`. */
  readonly text: string;
}

const ROW = 44;
const TOP = 26;
const BAR = 12;

/** The drawing; what it shows stands in a table beside it. */
export function barChart(rows: readonly BarRow[], band: Band, label: string): Markup {
  const most = Math.max(1, ...rows.flatMap(({ before = 0, after = 0 }) => [before, after]));
  const height = TOP + rows.length * ROW + 22;
  const [from, to] = [placeOf(band.from, most), placeOf(band.to, most)];
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${label}">
<rect class="band" x="${from}" y="${TOP - 8}" width="${round(Math.max(2, to - from))}" height="${rows.length * ROW + 4}"/>
<text class="small" x="${round((from + to) / 2)}" y="${TOP - 13}" text-anchor="middle">${band.text}</text>
${rows.map((row, i) => rowMarkup(row, TOP + i * ROW, most, band))}
${ticks(most, TOP + rows.length * ROW)}</svg>`;
}

function rowMarkup({ name, before, after }: BarRow, y: number, most: number, band: Band): Markup {
  return markup`<text class="name" x="0" y="${y + 17}">${clipped(name, 25)}<title>${name}</title></text>
${barMarkup(before, { y: y + 2, most, kind: 'before', word: 'today', isKept: true })}${barMarkup(after, { y: y + 17, most, kind: 'after', word: 'planned', isKept: after !== undefined && after >= band.from - 1e-9 && after <= band.to + 1e-9 })}
`;
}

interface BarPlace {
  readonly y: number;
  readonly most: number;
  readonly kind: 'before' | 'after';
  readonly word: string;
  readonly isKept: boolean;
}

function barMarkup(share: number | undefined, { y, most, kind, word, isKept }: BarPlace): Markup {
  if (share === undefined) return markup`<text class="small" x="${LEFT}" y="${y + 10}">${word}: not known</text>`;
  const end = placeOf(share, most);
  const tone = kind === 'before' ? '' : isKept ? ' kept' : ' missed';
  return markup`<rect class="bar-${kind}${tone}" x="${LEFT}" y="${y}" width="${round(Math.max(1, end - LEFT))}" height="${BAR}" rx="2"/><text class="small" x="${round(end + 6)}" y="${y + 10}">${percentText(share)} ${word}</text>`;
}

function ticks(most: number, y: number): Markup {
  const step = most > 2 ? 1 : 0.2;
  const count = Math.floor(most / step + 1e-9);
  const marks = Array.from({ length: count + 1 }, (_, i) => i * step);
  return markup`<path class="axis" d="M${LEFT} ${y}H${LEFT + LENGTH}"/>${marks.map(
    (share) =>
      markup`<text class="small" x="${placeOf(share, most)}" y="${y + 14}" text-anchor="middle">${percentText(share)}</text>`,
  )}`;
}
