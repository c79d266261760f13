/** A lane as a drawing. What it shows also stands beside it as a list, for readers that see no drawing. */
import type { Lane } from '../causal-lane.ts';
import { BOX, placeLane, type PlacedEdge, type PlacedNode } from './lane-layout.ts';
import { markup, type Markup } from './markup.ts';
import { SYMBOLS } from './severity.ts';

/** Room around the boxes, for their outlines. */
const MARGIN = 2;

/** The drawing of a lane; `anchorOf` gives the place of a finding in the document, where it has one. */
export function laneSvg(lane: Lane, label: string, anchorOf: (finding: string) => string | undefined): Markup {
  const { width, height, nodes, edges } = placeLane(lane);
  const [w, h] = [width + 2 * MARGIN, height + 2 * MARGIN];
  return markup`<svg class="lane columns-${Math.min(6, 1 + Math.max(...lane.nodes.map(({ layer }) => layer)))}" viewBox="${-MARGIN} ${-MARGIN} ${round(w)} ${round(h)}" width="${round(w)}" height="${round(h)}" role="group" aria-label="${label}">
${edges.map(edgeMarkup)}${nodes.map((node) => linked(node, anchorOf))}</svg>`;
}

function edgeMarkup({ points, relation }: PlacedEdge): Markup {
  const [first, ...rest] = points;
  if (first === undefined) return markup``;
  let [x, y] = first;
  let path = `M${round(x)} ${round(y)}`;
  for (const [nextX, nextY] of rest) {
    const middle = round((x + nextX) / 2);
    path += `C${middle} ${round(y)} ${middle} ${round(nextY)} ${round(nextX)} ${round(nextY)}`;
    [x, y] = [nextX, nextY];
  }
  const tip = `M${round(x - 7)} ${round(y - 4)}L${round(x)} ${round(y)}L${round(x - 7)} ${round(y + 4)}`;
  return markup`<g class="edge"><title>${relation}</title><path d="${path}"/><path d="${tip}"/></g>
`;
}

function linked(placed: PlacedNode, anchorOf: (finding: string) => string | undefined): Markup {
  const anchor = placed.node.findings.map(anchorOf).find((one) => one !== undefined);
  const box = boxMarkup(placed);
  return anchor === undefined ? markup`${box}\n` : markup`<a href="#${anchor}">${box}</a>\n`;
}

function boxMarkup({ node, title, names, x, y, height }: PlacedNode): Markup {
  const left = round(x + BOX.padding + 4);
  const line = (i: number) => round(y + BOX.padding + 12 + i * BOX.line);
  const kind = node.layer === 0 ? 'cause' : 'effect';
  return markup`<g class="box ${kind} ${node.severity}"><rect x="${round(x)}" y="${round(y)}" width="${BOX.width}" height="${height}" rx="6"/><rect class="edge-mark" x="${round(x)}" y="${round(y)}" width="5" height="${height}" rx="2"/><text class="title">${title.map((text, i) => markup`<tspan x="${left}" y="${line(i)}">${text}${i === title.length - 1 ? '' : ' '}</tspan>`)}</text><text class="names">${names.map((text, i) => markup`<tspan x="${left}" y="${line(title.length + i)}">${text}${i === names.length - 1 ? '' : ' '}</tspan>`)}</text><text class="mark" x="${round(x + BOX.width - 16)}" y="${line(0)}" aria-hidden="true">${SYMBOLS[node.severity]}</text></g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
