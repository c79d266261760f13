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

/** One line that a program wrote at its end. */
export interface LastLine {
  readonly line: string;
  readonly evidence: Evidence;
}

/** Lines that are looked at, and so much of each. */
const LINES = 20;
const LONGEST = 1000;

/** What a container wrote last, in its termination message or else its log, the last line first. */
export function ownWords(finding: Finding, snapshot: ClusterSnapshot): readonly LastLine[] {
  const said = finding.evidence.find((one) => one.kind === 'field' && one.path.endsWith('.terminated.message'));
  const [log] = logsOf(finding, snapshot).filter(({ lines }) => lines.length > 0);
  const lines = said?.kind === 'field' ? said.value.split('\n') : (log?.lines ?? []);
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-LINES)
    .reverse()
    .map((text) => {
      const line = text.trim().slice(0, LONGEST);
      const { resource } = finding;
      return { line, evidence: said ?? { kind: 'log', resource, container: log?.container ?? '', lines: [line] } };
    });
}

/** Words by which a line says why. */
const TELLING =
  /error|fatal|panic|exception|denied|forbidden|refused|not (?:found|defined|allowed)|no such|invalid|cannot|could not|unable|unknown|missing|fail/i;

/** The line that says most of why a program ended; `''` where it wrote nothing. */
export function tellingLine(finding: Finding, snapshot: ClusterSnapshot): string {
  const words = ownWords(finding, snapshot);
  return (words.find(({ line }) => TELLING.test(line)) ?? words[0])?.line ?? '';
}

function keyOf({ namespace, pod, container }: Pick<ContainerLog, 'namespace' | 'pod' | 'container'>): string {
  return `${namespace}/${pod}/${container}`;
}
