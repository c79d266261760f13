/**
 * Places the nodes of a lane: layers from left to right, in each layer from top to bottom. Edges over several layers get a
 * place of their own in each, so that they pass beside nodes rather than behind them. Same lane, same places.
 */
import { displayWidth, wrap } from '../layout.ts';
import { middleCut } from './middle-cut.ts';
import type { Lane, LaneNode } from '../causal-lane.ts';

/** Units of the drawing, about a pixel on a wide screen. */
export const BOX = { width: 200, padding: 10, line: 16, gapX: 36, gapY: 14, passage: 10 } as const;

/** Letters of a line in a box, as wide fonts have them: of a title beside its mark, and of a name. */
const LETTERS = { title: 20, name: 26 };
const TITLE_LINES = 7;

/** A node with its lines of text. */
export interface PlacedNode {
  readonly node: LaneNode;
  readonly title: readonly string[];
  readonly names: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A line through the middles of what it connects and passes. */
export interface PlacedEdge {
  readonly relation: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** The drawing. */
export interface PlacedLane {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** A node, or the passage of a long edge. */
interface Slot {
  readonly key: string;
  readonly layer: number;
  readonly height: number;
  readonly node?: LaneNode;
  readonly parents: string[];
}

/** Lays out a lane. */
export function placeLane(lane: Lane): PlacedLane {
  const slots = new Map<string, Slot>();
  for (const node of lane.nodes)
    slots.set(node.key, { key: node.key, layer: node.layer, height: heightOf(node), node, parents: [] });
  const routes = lane.edges.map((edge) => ({ edge, route: routeOf(slots, edge.from, edge.to) }));
  const places = placed(
    [...Map.groupBy(slots.values(), ({ layer }) => layer)].sort(([a], [b]) => a - b).map(([, layer]) => layer),
  );
  const nodes = lane.nodes.map((node) => {
    const { x, y, height } = places.get(node.key) ?? { x: 0, y: 0, height: 0 };
    return { node, title: titleLines(node), names: nameLines(node), x, y, height };
  });
  const edges = routes.map(({ edge, route }) => ({ relation: edge.relation, points: pointsOf(route, places) }));
  const all = [...places.values()];
  return {
    width: Math.max(...all.map(({ x }) => x)) + BOX.width,
    height: Math.max(...all.map(({ y, height }) => y + height)),
    nodes,
    edges,
  };
}

/** The keys that an edge passes, with a passage in every layer between. */
function routeOf(slots: Map<string, Slot>, from: string, to: string): readonly string[] {
  const [start, end] = [slots.get(from), slots.get(to)];
  if (start === undefined || end === undefined) return [];
  const route = [from];
  for (let layer = start.layer + 1; layer < end.layer; layer++) {
    const key = JSON.stringify([from, to, layer]);
    slots.set(key, { key, layer, height: BOX.passage, parents: [route.at(-1) ?? from] });
    route.push(key);
  }
  end.parents.push(route.at(-1) ?? from);
  return [...route, to];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly isPassage: boolean;
}

/** In each layer by the middle of what leads there, so that few lines cross; layers are centred on the tallest. */
function placed(layers: readonly (readonly Slot[])[]): ReadonlyMap<string, Place> {
  const tallest = Math.max(...layers.map(heightOfLayer));
  const places = new Map<string, Place>();
  layers.forEach((layer, column) => {
    const middles = new Map(layer.map((slot, i) => [slot.key, middleOf(slot, places) + i / 1000]));
    const ordered = [...layer].sort((a, b) => (middles.get(a.key) ?? 0) - (middles.get(b.key) ?? 0));
    let y = (tallest - heightOfLayer(layer)) / 2;
    for (const { key, height, node } of ordered) {
      places.set(key, { x: column * (BOX.width + BOX.gapX), y, height, isPassage: node === undefined });
      y += height + BOX.gapY;
    }
  });
  return places;
}

function heightOfLayer(layer: readonly Slot[]): number {
  return layer.reduce((sum, { height }) => sum + height + BOX.gapY, -BOX.gapY);
}

function middleOf({ parents }: Slot, places: ReadonlyMap<string, Place>): number {
  const middles = parents.flatMap((key) => places.get(key) ?? []).map(({ y, height }) => y + height / 2);
  return middles.reduce((sum, middle) => sum + middle, 0) / Math.max(1, middles.length);
}

function pointsOf(route: readonly string[], places: ReadonlyMap<string, Place>): PlacedEdge['points'] {
  return route.flatMap((key, i) => {
    const place = places.get(key);
    if (place === undefined) return [];
    const middle = place.y + place.height / 2;
    const left = [place.x, middle] as const;
    const right = [place.x + BOX.width, middle] as const;
    if (i === 0) return [right];
    return i === route.length - 1 ? [left] : [left, right];
  });
}

function heightOf(node: LaneNode): number {
  return 2 * BOX.padding + (titleLines(node).length + nameLines(node).length) * BOX.line;
}

function titleLines({ title, count }: LaneNode): readonly string[] {
  const lines = wrap(count > 1 ? `${count} × ${title}` : title, LETTERS.title);
  if (lines.length <= TITLE_LINES) return lines;
  return [...lines.slice(0, TITLE_LINES - 1), `${lines[TITLE_LINES - 1]?.slice(0, LETTERS.title - 2) ?? ''} …`];
}

function nameLines({ names, count }: LaneNode): readonly string[] {
  const shown = names.length > 2 ? names.slice(0, 2) : names;
  const more = count - shown.length;
  return [
    ...shown.map((name) => middleCut(shortName(name), LETTERS.name)),
    ...(more > 0 && names.length > 2 ? [`and ${more} more`] : []),
  ].filter((line) => displayWidth(line) > 0);
}

/** Without the kind, which the title says. */
function shortName(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}
