/**
 * The causal graph of one root cause, small enough to look at: its findings grouped by what was found, in layers from the cause to what
 * suffers in the end.
 */
import { refText } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, ChainLink } from '@aia/contract';
import { ruleOf } from '../diagnose/catalogue.ts';
import { subjectOf } from '../diagnose/title-of.ts';
import { severityRank, type Severity } from '../diagnose/finding.ts';

/** Groups of one lane; what is beyond is one group more. */
const MOST_GROUPS = 20;
/** Names that a group carries; the rest is counted. */
const MOST_NAMES = 3;

/** The cause, or findings of one code and generation: what a crash makes crash in turn stands apart from it. */
export interface LaneNode {
  /** The cause's id, or the code, with the generation from the second on. */
  readonly key: string;
  readonly title: string;
  readonly severity: Severity;
  /** How many findings; 0 for the cause. */
  readonly count: number;
  /** Names of the first resources. */
  readonly names: readonly string[];
  /** Distance from the cause along the longest path. */
  readonly layer: number;
  /** Ids of the findings. */
  readonly findings: readonly string[];
}

/** What follows from what, and why. */
export interface LaneEdge {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
  /** Links of the chain that it stands for. */
  readonly count: number;
}

/** The grouped graph of one cause. */
export interface Lane {
  /** The cause first, then by layer and size. */
  readonly nodes: readonly LaneNode[];
  readonly edges: readonly LaneEdge[];
}

const OTHERS = '';

/** Groups the chain of a cause. `findings` gives findings by id; links to unknown ones are left out. */
export function laneOf(cause: AssessedRootCause, findings: ReadonlyMap<string, AssessedFinding>): Lane {
  const own = [...new Set(cause.chain.map(({ to }) => to))].flatMap((id) => findings.get(id) ?? []);
  const groupOf = generations(cause.chain, findings);
  const sizes = [...Map.groupBy(own, groupOf)].sort((a, b) => worst(a[1]) - worst(b[1]) || b[1].length - a[1].length);
  const shown = new Set(sizes.slice(0, MOST_GROUPS).map(([key]) => key));
  const keyOf = (id: string): string | undefined => {
    const finding = findings.get(id);
    if (finding === undefined) return id === cause.id ? cause.id : undefined;
    const key = groupOf(finding);
    return shown.has(key) ? key : OTHERS;
  };
  const edges = forward(cause.id, edgesOf(cause.chain, keyOf));
  const layers = layersOf(cause.id, edges);
  const groups = Map.groupBy(own, ({ id }) => keyOf(id) ?? OTHERS);
  const nodes = [...groups].map(([key, members]) => groupNode(key, members, layers.get(key) ?? 1));
  nodes.sort((a, b) => a.layer - b.layer || b.count - a.count || (a.key < b.key ? -1 : 1));
  return { nodes: [causeNode(cause), ...nodes], edges };
}

/** Generations beyond so many are one. */
const GENERATIONS = 4;

/** The code, with how many findings of the same code stand between it and the cause, if any. */
function generations(
  chain: readonly ChainLink[],
  findings: ReadonlyMap<string, AssessedFinding>,
): (finding: AssessedFinding) => string {
  const causes = new Map(chain.map(({ from, to }) => [to, from]));
  return ({ id, code }) => {
    const passed = new Set([id]);
    let same = 0;
    for (let at = causes.get(id); at !== undefined && !passed.has(at) && same < GENERATIONS - 1; at = causes.get(at)) {
      passed.add(at);
      if (findings.get(at)?.code === code) same += 1;
    }
    return same === 0 ? code : `${code} ${same + 1}`;
  };
}

function worst(members: readonly AssessedFinding[]): number {
  return Math.min(...members.map(({ severity }) => severityRank(severity)));
}

function causeNode({ id, title, severity }: AssessedRootCause): LaneNode {
  return { key: id, title, severity, count: 0, names: [], layer: 0, findings: [] };
}

function groupNode(key: string, members: readonly AssessedFinding[], layer: number): LaneNode {
  const [first] = members as [AssessedFinding, ...AssessedFinding[]];
  const severity = members.reduce(
    (all, one) => (severityRank(one.severity) < severityRank(all) ? one.severity : all),
    first.severity,
  );
  return {
    key,
    title: key === OTHERS ? 'Other findings' : (ruleOf(first.code)?.title ?? first.code),
    severity,
    count: members.length,
    names: [...new Set(members.map(({ resource }) => refText(resource)))].slice(0, MOST_NAMES),
    layer,
    findings: members.map(({ id }) => id),
  };
}

function edgesOf(chain: readonly ChainLink[], keyOf: (id: string) => string | undefined): readonly LaneEdge[] {
  const edges = new Map<string, LaneEdge>();
  for (const { from: cause, to: effect, relation } of chain) {
    const from = keyOf(cause);
    const to = keyOf(effect);
    if (from === undefined || to === undefined || from === to) continue;
    const key = JSON.stringify([from, to]);
    const known = edges.get(key);
    edges.set(key, known === undefined ? { from, to, relation, count: 1 } : { ...known, count: known.count + 1 });
  }
  return [...edges.values()];
}

/** The edges that lead away from the cause: grouping may close rings that the chain does not have. */
function forward(start: string, edges: readonly LaneEdge[]): readonly LaneEdge[] {
  const leaving = Map.groupBy(edges, ({ from }) => from);
  const kept: LaneEdge[] = [];
  const open = new Set<string>();
  const done = new Set<string>();
  const visit = (key: string): void => {
    open.add(key);
    for (const edge of leaving.get(key) ?? []) {
      if (open.has(edge.to)) continue;
      kept.push(edge);
      if (!done.has(edge.to)) visit(edge.to);
    }
    open.delete(key);
    done.add(key);
  };
  visit(start);
  return kept;
}

function layersOf(start: string, edges: readonly LaneEdge[]): ReadonlyMap<string, number> {
  const layers = new Map([[start, 0]]);
  // Without rings, the longest path has fewer edges than there are nodes.
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to } of edges) {
      const layer = (layers.get(from) ?? 0) + 1;
      if (layer <= (layers.get(to) ?? -1)) continue;
      layers.set(to, layer);
      changed = true;
    }
  }
  return layers;
}

/** The longest way from the cause to what fails in the end, over the worst and largest groups; without the cause itself. */
function mainPath({ nodes, edges }: Lane): readonly LaneNode[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const path: LaneNode[] = [];
  for (let node = endOf(nodes); node !== undefined && node.layer > 0;) {
    path.unshift(node);
    const { key, layer } = node;
    const before = edges.filter(({ to }) => to === key).map(({ from }) => byKey.get(from));
    node = before.find((one) => one?.layer === layer - 1);
  }
  return path;
}

function endOf(nodes: readonly LaneNode[]): LaneNode | undefined {
  // Farther down is what people notice: the Ingress that answers nothing rather than the Deployment behind it.
  return nodes
    .filter(({ layer }) => layer > 0)
    .sort(
      (a, b) =>
        Number(isFailure(b)) - Number(isFailure(a)) ||
        b.layer - a.layer ||
        severityRank(a.severity) - severityRank(b.severity) ||
        b.count - a.count,
    )[0];
}

function isFailure({ severity }: LaneNode): boolean {
  return severityRank(severity) <= severityRank('high');
}

/**
 * `Cloud quota is used up → Scale-up was refused → No node takes the pod (6) → Deployment lacks available replicas (2)`. Of one resource alone it
 * says which, unless that is the only workload of the cause, which is named already.
 */
export function pathText(lane: Lane, { impact, title: cause }: AssessedRootCause): string {
  const told = impact.workloads.length === 1 ? impact.workloads[0] : undefined;
  return mainPath(lane)
    .map(({ title, count, names: [name = ''] }) =>
      count > 1 ? `${title} (${count})` : ((name === told ? undefined : subjectOf(title, name)) ?? title),
    )
    .filter((step) => !cause.startsWith(step))
    .join(' → ');
}
