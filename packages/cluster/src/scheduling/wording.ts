/**
 * The scheduler's reasons as its versions word them. The filters speak as 1.33–1.35 do; this table has the others.
 * Sources: `pkg/scheduler/framework/plugins` of Kubernetes 1.24–1.36; kubernetes/kubernetes#129887 (volumes, 1.33).
 */
interface Wording {
  /** Minor versions 1.x, both included. */
  readonly since?: number;
  readonly until?: number;
  readonly reason: RegExp;
  readonly text: string;
}

const WORDINGS: readonly Wording[] = [
  {
    until: 32,
    reason: /^node\(s\) didn't match PersistentVolume's node affinity$/,
    text: 'node(s) had volume node affinity conflict',
  },
  { since: 36, reason: /^node\(s\) had untolerated taint \{.*\}$/s, text: 'node(s) had untolerated taint(s)' },
];

/** How a server of this version words reasons; unchanged where the version is unknown. */
export function wordingOf(serverVersion: string | undefined): (reason: string) => string {
  const minor = Number(/^v?1\.(\d{1,3})\b/.exec(serverVersion ?? '')?.[1] ?? Number.NaN);
  const rows = WORDINGS.filter(({ since = 0, until = Infinity }) => minor >= since && minor <= until);
  if (rows.length === 0) return (reason) => reason;
  return (reason) => rows.find((row) => row.reason.test(reason))?.text ?? reason;
}
