/** A line chart as SVG, with both axes logarithmic. */

/** One line: its name, and its points. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 420, 70, 150, 50, 55];
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

export function chartSvg({ title, x, y, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const across = scale(
    points.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  );
  const up = scale(
    points.map(([, value]) => value),
    HEIGHT - BOTTOM,
    TOP,
  );
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="15">${title}</text>`,
    ...across.ticks.flatMap((tick) => [
      `<path d="M${across.at(tick)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>`,
      `<text x="${across.at(tick)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${tick}</text>`,
    ]),
    ...up.ticks.flatMap((tick) => [
      `<path d="M${LEFT} ${up.at(tick)}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
      `<text x="${LEFT - 8}" y="${up.at(tick) + 4}" text-anchor="end">${tick}</text>`,
    ]),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${x}</text>`,
    `<text transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${y}</text>`,
    ...lines.flatMap((line, i) => drawn(line, COLOURS[i % COLOURS.length] as string, across.at, up.at)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function drawn(
  { name, points }: Line,
  colour: string,
  across: (value: number) => number,
  up: (value: number) => number,
): string[] {
  const at = points.map(([x, y]) => [across(x), up(y)] as const);
  const [lastX = 0, lastY = 0] = at.at(-1) ?? [];
  return [
    `<path d="M${at.map(([x, y]) => `${x} ${y}`).join('L')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`),
    `<text x="${lastX + 8}" y="${lastY + 4}" fill="${colour}">${name}</text>`,
  ];
}

/** Decades, and the twos and fives between them. */
function scale(
  values: readonly number[],
  from: number,
  to: number,
): { at(value: number): number; ticks: readonly number[] } {
  const steps = [1, 2, 5].flatMap((step) => Array.from({ length: 12 }, (_, i) => step * 10 ** (i - 4)));
  const ordered = steps.sort((a, b) => a - b);
  const low = ordered.filter((step) => step <= Math.min(...values)).at(-1) ?? Math.min(...values);
  const high = ordered.find((step) => step >= Math.max(...values)) ?? Math.max(...values);
  const span = Math.log(high / low) || 1;
  const at = (value: number) => Number((from + ((to - from) * Math.log(value / low)) / span).toFixed(1));
  return {
    at,
    ticks: ordered.filter((step) => step >= low && step <= high).map((step) => Number(step.toPrecision(6))),
  };
}
