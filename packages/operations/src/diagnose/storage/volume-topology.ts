/** On which nodes a PersistentVolume can be used. */
import { reachable, type ClusterSnapshot, type Node, type PersistentVolume } from '@aia/cluster';
import { listText } from '../wording.ts';

const known = new WeakMap<ClusterSnapshot, Map<string, readonly Node[]>>();

/** Nodes that a volume's own node affinity allows. Volumes that ask for the same are looked up once. */
export function nodesFor(snapshot: ClusterSnapshot, volume: PersistentVolume): readonly Node[] {
  const nodes = snapshot.list('Node');
  const required = volume.spec?.nodeAffinity?.required;
  if (required === undefined) return nodes;
  const found = known.get(snapshot) ?? new Map<string, readonly Node[]>();
  known.set(snapshot, found);
  const key = JSON.stringify(required);
  const before = found.get(key);
  if (before !== undefined) return before;
  const candidates = hostsNamed(snapshot, volume) ?? nodes;
  const fitting = candidates.filter(({ metadata }) => reachable(volume, metadata.labels ?? {}));
  found.set(key, fitting);
  return fitting;
}

/** Whether any node carries one of the labels that a volume asks for: without, what nodes are like was not read. */
export function isLabelled(snapshot: ClusterSnapshot, { spec }: PersistentVolume): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const keys = terms.flatMap(({ matchExpressions = [] }) => matchExpressions.map(({ key }) => key));
  return snapshot.list('Node').some(({ metadata }) => keys.some((key) => metadata.labels?.[key] !== undefined));
}

/** Of each: places, labels of a place, values of a label. */
const SHOWN = 4;

/** What a volume asks for, for people: `zone us-central1-b`, `hostname node-3`. */
export function placeText({ spec }: PersistentVolume): string {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const places = terms.map(({ matchExpressions = [] }) =>
    matchExpressions
      .map(({ key, operator, values = [] }) => {
        const label = key.slice(key.lastIndexOf('/') + 1);
        return operator === 'In'
          ? `${label} ${values.slice(0, SHOWN).join(' or ')}`
          : `${label} ${operator} ${listText(values, SHOWN)}`.trim();
      })
      .slice(0, SHOWN)
      .join(' and '),
  );
  return [...new Set(places)].slice(0, SHOWN).join(', or ');
}

/** A local disk names its host, and the label has the node's name nearly always: no need to look at every node. */
function hostsNamed(snapshot: ClusterSnapshot, { spec }: PersistentVolume): readonly Node[] | undefined {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const hosts = terms.map(({ matchExpressions = [] }) =>
    matchExpressions.find(({ key, operator }) => key === 'kubernetes.io/hostname' && operator === 'In'),
  );
  if (hosts.length === 0 || hosts.some((host) => host === undefined)) return undefined;
  return hosts.flatMap((host) =>
    (host?.values ?? []).flatMap((value) => snapshot.withLabels('Node', '', { 'kubernetes.io/hostname': value })),
  );
}
