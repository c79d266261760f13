/**
 * What controllers and conditions state in one sentence: Kubernetes 1.14–1.36, CSI sidecars, the cluster autoscaler, Karpenter,
 * ingress-gce, cert-manager. The reason says whom to ask, the sentence says what it is.
 */
import { plainText } from './event-text.ts';
import { AUTOSCALING_ROWS } from './statements/autoscaling.ts';
import { CERTIFICATE_ROWS } from './statements/certificates.ts';
import { KARPENTER_ROWS, NODE_ROWS, SCALE_DOWN_ROWS } from './statements/nodes.ts';
import { ALLOCATION_ROWS, INGRESS_ROWS, NEG_ROWS } from './statements/services.ts';
import type { StatementRow } from './statements/statement-row.ts';
import { STORAGE_ROWS } from './statements/storage.ts';
import { CRON_JOB_ROWS, DEPLOYMENT_ROWS, DISRUPTION_ROWS, JOB_ROWS } from './statements/workloads.ts';

/** One family of sentences. */
export interface StatementFamily {
  readonly family: string;
  /** Who writes them, for people. */
  readonly about: string;
  readonly rows: readonly StatementRow[];
}

/** All families, in the order of the reference page. */
export const STATEMENTS: readonly StatementFamily[] = [
  { family: 'deployment', about: 'conditions and events of Deployments', rows: DEPLOYMENT_ROWS },
  { family: 'job', about: 'conditions and events of Jobs', rows: JOB_ROWS },
  { family: 'cron-job', about: 'events of CronJobs', rows: CRON_JOB_ROWS },
  { family: 'disruption', about: 'disruption budgets and evictions', rows: DISRUPTION_ROWS },
  { family: 'autoscaler-state', about: 'conditions and events of HorizontalPodAutoscalers', rows: AUTOSCALING_ROWS },
  { family: 'allocation', about: 'addresses and ports of Services', rows: ALLOCATION_ROWS },
  { family: 'endpoint-group', about: "network endpoint groups of GKE's Services", rows: NEG_ROWS },
  { family: 'ingress', about: "GKE's Ingresses and load balancers", rows: INGRESS_ROWS },
  { family: 'storage', about: 'progress of claims and volumes', rows: STORAGE_ROWS },
  { family: 'node', about: 'conditions of nodes and pods', rows: NODE_ROWS },
  { family: 'scale-down', about: 'nodes that the cluster autoscaler removes', rows: SCALE_DOWN_ROWS },
  { family: 'karpenter', about: 'decisions of Karpenter', rows: KARPENTER_ROWS },
  { family: 'certificate', about: 'cert-manager, and TLS errors', rows: CERTIFICATE_ROWS },
];

/** A sentence that was read: its family, what it states there, and the names in it. */
export interface Statement {
  readonly family: string;
  readonly cause: string;
  readonly names: Readonly<Record<string, string>>;
  readonly text: string;
}

const BY_REASON: ReadonlyMap<string, readonly { readonly family: string; readonly row: StatementRow }[]> = Map.groupBy(
  STATEMENTS.flatMap(({ family, rows }) =>
    rows.flatMap((row) => row.reasons.map((reason) => ({ family, row, reason }))),
  ),
  ({ reason }) => reason,
);

/** Reads a sentence by the reason of its event or condition; `undefined` for reasons and sentences that no row knows. */
export function parseStatement(reason: string, message: string): Statement | undefined {
  const rows = BY_REASON.get(reason);
  if (rows === undefined) return undefined;
  const text = plainText(message);
  for (const { family, row } of rows) {
    const match = row.pattern.exec(text);
    if (match === null) continue;
    const names = Object.entries(match.groups ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return { family, cause: row.cause, names: Object.fromEntries(names), text };
  }
  return undefined;
}
