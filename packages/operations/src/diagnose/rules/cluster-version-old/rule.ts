/** The Kubernetes version of the cluster is no longer looked after (popeye 405, gcpdiag BP/2022_003). */
import { minorOf } from '../../extensions/api-removals.ts';
import type { Rule } from '../../rule.ts';

/**
 * Last day with patch releases, by minor release of 1.x.
 * Source: https://kubernetes.io/releases/patch-releases/
 */
const ENDS: ReadonlyMap<number, string> = new Map([
  [24, '2023-07-28'],
  [25, '2023-10-28'],
  [26, '2024-02-28'],
  [27, '2024-06-28'],
  [28, '2024-10-28'],
  [29, '2025-02-28'],
  [30, '2025-06-28'],
  [31, '2025-10-28'],
  [32, '2026-02-28'],
  [33, '2026-06-28'],
  [34, '2026-10-27'],
]);
const FIRST = 24;

/** Facts: version, ended (day, where it is known). */
export const rule: Rule = {
  code: 'cluster-version-old',
  title: 'Kubernetes version gets no more fixes',
  severity: 'info',
  explanation:
    'The project no longer publishes patches for the minor release that the API server runs, so that security faults stay open. ' +
    'Providers may look after a release for longer, therefore it is a statement and no fault. The rule stays silent about releases whose end ' +
    'is not known, and where the version of the API server was not read.',
  remediation: {
    class: 'investigate',
    text: 'Plan the upgrade, one minor release after the other; look first at which deprecated API versions are in use.',
  },
  aliases: {
    popeye: ['405'],
    gcpdiag: ['gke/BP/2022_003', 'gke/ERR/2026_001', 'gke/WARN/2021_001', 'gke/WARN/2021_002'],
  },
  needs: ['server-version'],
  *check({ snapshot, now }) {
    const { serverVersion = '' } = snapshot;
    const minor = minorOf(serverVersion);
    if (minor === undefined) return;
    const ended = ENDS.get(minor);
    const isOver = ended === undefined ? minor < FIRST : now > Date.parse(ended);
    if (!isOver) return;
    yield {
      resource: { group: '', kind: 'Cluster', namespace: '', name: 'API server' },
      message: `The API server runs Kubernetes ${serverVersion}; the project has published no fixes for 1.${minor}${ended === undefined ? ' for years' : ` since ${ended}`}.`,
      evidence: [
        { kind: 'calculation', text: `minor release ${minor}, supported until ${ended ?? `before 1.${FIRST}`}` },
      ],
      facts: { version: serverVersion, ...(ended === undefined ? {} : { ended }) },
    };
  },
};
