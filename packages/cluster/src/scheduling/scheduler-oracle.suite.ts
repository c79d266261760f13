/**
 * The scheduler's filters once more, written straight from the documentation and without any index: what the fast form must
 * agree with. Covers what random worlds are made of here: cordons, taints, selectors, node affinity, ports, resources,
 * spread and inter-pod affinity within one namespace.
 */
export interface OracleNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly cordoned: boolean;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly cpu: number;
  readonly gpus: number;
  readonly pods: number;
}

export interface OracleTerm {
  readonly app: string;
  readonly topologyKey: string;
}

export interface OraclePod {
  readonly name: string;
  readonly app: string;
  readonly cpu: number;
  readonly gpus: number;
  /** Host port, or 0. */
  readonly port: number;
  readonly ip: string;
  readonly tolerates: readonly { readonly key?: string; readonly operator: string; readonly value?: string }[];
  readonly selector: Readonly<Record<string, string>>;
  /** Node affinity: OR of terms, each an AND of `label in values`. */
  readonly terms: readonly (readonly { readonly key: string; readonly values: readonly string[] }[])[] | undefined;
  readonly wants: readonly OracleTerm[];
  readonly avoids: readonly OracleTerm[];
  readonly spread: readonly {
    readonly topologyKey: string;
    readonly maxSkew: number;
    readonly minDomains: number;
    readonly honoursTaints: boolean;
  }[];
  readonly terminating: boolean;
}

export interface OracleWorld {
  readonly nodes: readonly OracleNode[];
  /** Pods with the name of their node. */
  readonly placed: readonly (readonly [OraclePod, string])[];
}

/** The scheduler's reasons for one node; empty when it takes the pod. */
export function oracleReasons(pod: OraclePod, node: OracleNode, world: OracleWorld): readonly string[] {
  if (node.cordoned && !tolerated(pod, { key: 'node.kubernetes.io/unschedulable', value: '' }))
    return ['node(s) were unschedulable'];
  const taint = hardTaints(node).find((each) => !tolerated(pod, each));
  if (taint !== undefined) return [`node(s) had untolerated taint {${taint.key}: ${taint.value}}`];
  if (!selects(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const here = world.placed.filter(([, name]) => name === node.name).map(([other]) => other);
  if (here.some((other) => clash(pod, other))) return ["node(s) didn't have free ports for the requested pod ports"];
  const short = shortages(pod, node, here);
  if (short.length > 0) return short;
  return spreadReasons(pod, node, world) ?? neighbourReasons(pod, node, world);
}

function hardTaints(node: OracleNode): OracleNode['taints'] {
  return node.taints.filter(({ effect }) => effect !== 'PreferNoSchedule');
}

function tolerated(pod: OraclePod, taint: { readonly key: string; readonly value: string }): boolean {
  return pod.tolerates.some(
    ({ key, operator, value }) =>
      (key === undefined || key === taint.key) && (operator === 'Exists' || value === taint.value),
  );
}

function selects({ selector, terms }: OraclePod, { labels }: OracleNode): boolean {
  const bySelector = Object.entries(selector).every(([key, value]) => labels[key] === value);
  const byTerm = ({ key, values }: { key: string; values: readonly string[] }): boolean =>
    labels[key] !== undefined && values.includes(labels[key]);
  return bySelector && (terms === undefined || terms.some((term) => term.length > 0 && term.every(byTerm)));
}

function clash(a: OraclePod, b: OraclePod): boolean {
  return a.port > 0 && a.port === b.port && (a.ip === '' || b.ip === '' || a.ip === b.ip);
}

function shortages(pod: OraclePod, node: OracleNode, here: readonly OraclePod[]): string[] {
  const sum = (of: (each: OraclePod) => number): number => here.reduce((total, each) => total + of(each), 0);
  return [
    here.length + 1 > node.pods && 'Too many pods',
    pod.cpu > 0 && pod.cpu + sum(({ cpu }) => cpu) > node.cpu && 'Insufficient cpu',
    pod.gpus > 0 && pod.gpus + sum(({ gpus }) => gpus) > node.gpus && 'Insufficient nvidia.com/gpu',
  ].filter((reason) => reason !== false);
}

function spreadReasons(pod: OraclePod, node: OracleNode, world: OracleWorld): string[] | undefined {
  const keys = pod.spread.map(({ topologyKey }) => topologyKey);
  for (const { topologyKey, maxSkew, minDomains, honoursTaints } of pod.spread) {
    const domain = node.labels[topologyKey];
    if (domain === undefined) return ["node(s) didn't match pod topology spread constraints (missing required label)"];
    const eligible = world.nodes.filter(
      (each) =>
        keys.every((key) => each.labels[key] !== undefined) &&
        selects(pod, each) &&
        (!honoursTaints || hardTaints(each).every((taint) => tolerated(pod, taint))),
    );
    const domains = [...new Set(eligible.map(({ labels }) => labels[topologyKey]))];
    const count = (of: string | undefined): number =>
      world.placed.filter(
        ([other, on]) =>
          other.app === pod.app &&
          !other.terminating &&
          eligible.some(({ name, labels }) => name === on && labels[topologyKey] === of),
      ).length;
    const least = domains.length < minDomains || domains.length === 0 ? 0 : Math.min(...domains.map(count));
    if (count(domain) + 1 - least > maxSkew) return ["node(s) didn't match pod topology spread constraints"];
  }
  return undefined;
}

function neighbourReasons(pod: OraclePod, node: OracleNode, world: OracleWorld): string[] {
  const labelsOf = (name: string): OracleNode['labels'] => world.nodes.find((each) => each.name === name)?.labels ?? {};
  const together = (on: string, key: string): boolean =>
    node.labels[key] !== undefined && labelsOf(on)[key] === node.labels[key];
  const suits = (other: OraclePod): boolean => pod.wants.every(({ app }) => other.app === app);
  if (pod.wants.some(({ topologyKey }) => node.labels[topologyKey] === undefined))
    return ["node(s) didn't match pod affinity rules"];
  const near = pod.wants.every(({ topologyKey }) =>
    world.placed.some(([other, on]) => suits(other) && together(on, topologyKey)),
  );
  const anywhere = world.placed.some(
    ([other, on]) => suits(other) && pod.wants.some(({ topologyKey }) => labelsOf(on)[topologyKey] !== undefined),
  );
  if (!near && (anywhere || !suits(pod))) return ["node(s) didn't match pod affinity rules"];
  const meets = (term: OracleTerm, other: OraclePod, on: string): boolean =>
    other.app === term.app && together(on, term.topologyKey);
  if (pod.avoids.some((term) => world.placed.some(([other, on]) => meets(term, other, on))))
    return ["node(s) didn't match pod anti-affinity rules"];
  const avoided = world.placed.some(([other, on]) =>
    other.avoids.some((term) => term.app === pod.app && together(on, term.topologyKey)),
  );
  return avoided ? ["node(s) didn't satisfy existing pods anti-affinity rules"] : [];
}
