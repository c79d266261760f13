/** The last lines of containers' logs, as evidence. */
import type { ClusterSnapshot, ContainerLog } from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import { text } from './finding-index.ts';

/** Lines that a report shows of one log. */
const SHOWN = 5;

const known = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly ContainerLog[]>>();

/** Logs of the container that a finding is about, of the instance before the running one first. */
export function logsOf(finding: Finding, snapshot: ClusterSnapshot): readonly ContainerLog[] {
  let logs = known.get(snapshot);
  if (logs === undefined) known.set(snapshot, (logs = Map.groupBy(snapshot.logs, keyOf)));
  const { namespace, name } = finding.resource;
  const own = logs.get(keyOf({ namespace, pod: name, container: text(finding, 'container') })) ?? [];
  return own.toSorted((a, b) => Number(b.previous) - Number(a.previous));
}

/** Its last lines; empty where no log was read. */
export function lastWords(finding: Finding, snapshot: ClusterSnapshot): readonly Evidence[] {
  const [log] = logsOf(finding, snapshot).filter(({ lines }) => lines.length > 0);
  if (log === undefined) return [];
  return [{ kind: 'log', resource: finding.resource, container: log.container, lines: log.lines.slice(-SHOWN) }];
}

function keyOf({ namespace, pod, container }: Pick<ContainerLog, 'namespace' | 'pod' | 'container'>): string {
  return `${namespace}/${pod}/${container}`;
}
