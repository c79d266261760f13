/** From a snapshot to the assessment: findings, root causes, KPIs, verdict. Pure; same input, same bytes. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { AssessedFinding, Assessment } from '@aia/contract';
import { RULES } from './diagnose/catalogue.ts';
import { certificateLedger } from './diagnose/certificates/certificate-ledger.ts';
import { Examination, type Thresholds } from './diagnose/examination.ts';
import { findAll } from './diagnose/findings.ts';
import { unrecognised } from './diagnose/messages/recognise.ts';
import { explain } from './diagnose/root-cause/root-cause.ts';
import { excusedBy, splitBy } from './diagnose/suppressions/split.ts';
import type { Suppression } from './diagnose/suppressions/suppression.ts';
import { computeKpis } from './kpi/kpis.ts';
import { countPods } from './kpi/pod-success.ts';
import { quotaRows } from './kpi/quotas.ts';
import { judge } from './kpi/readiness.ts';
import { absentNamespaces, missingNamespace } from './namespaces.ts';
import { UNIFORM_PRIORS, type Priors } from './priors/priors.ts';

/** How to assess. */
export interface AssessOptions {
  /** Judge only objects in these namespaces (cluster-scoped ones always); default all. */
  readonly namespaces?: readonly string[];
  /** Default: {@link UNIFORM_PRIORS}. */
  readonly priors?: Priors;
  readonly thresholds?: Thresholds;
  /** Findings to take out; the first that matches counts. Default: none. */
  readonly suppressions?: readonly Suppression[];
  /** Version of AIA, for the report's `generator`. */
  readonly version: string;
}

/**
 * Diagnoses a snapshot.
 * @throws RangeError for a suppression that would take out everything
 */
export function assess(snapshot: ClusterSnapshot, options: AssessOptions): Assessment {
  const namespaces = options.namespaces === undefined ? undefined : new Set(options.namespaces);
  const examination = new Examination(snapshot, {
    namespaces,
    suppressions: options.suppressions,
    ...(options.thresholds && { thresholds: options.thresholds }),
  });
  const { findings: found, notRun } = findAll(examination, RULES, 'tell');
  const split = splitBy(examination.suppressions, found, examination.now);
  const suppressed = new Set(split.suppressed.map(({ id }) => id));
  const { rootCauses, explainedBy } = explain(examination, found, options.priors ?? UNIFORM_PRIORS, suppressed);
  const excused = excusedBy(split);
  const pods = countPods(examination, excused);
  const kpis = computeKpis(snapshot, examination.thresholds, pods, examination.world);
  const quotas = quotaRows(examination);
  const absent = absentNamespaces(snapshot, options.namespaces);
  const told = new Set(snapshot.missing.map(({ input }) => input));
  const untold = absent.map((name) => missingNamespace(snapshot, name)).filter(({ input }) => !told.has(input));
  const missing = [...snapshot.missing, ...untold];
  const { thresholds } = examination;
  const nothing = { namespaces: absent, all: absent.length > 0 && absent.length === namespaces?.size };
  return {
    kind: 'Assessment',
    schemaVersion: 1,
    generator: { name: 'aia', version: options.version },
    cluster: {
      source: snapshot.source,
      observedAt: snapshot.observedAt,
      serverVersion: snapshot.serverVersion,
      namespaces: options.namespaces,
      objects: snapshot.objects.length,
      nodes: snapshot.list('Node').length,
      pods,
    },
    verdict: judge({
      ...{ snapshot, thresholds, causes: rootCauses, kpis, pods, missing, namespaces, excused },
      absent: nothing,
    }),
    rootCauses,
    findings: split.standing.map((finding): AssessedFinding => ({
      ...finding,
      explainedBy: explainedBy.get(finding.id),
    })),
    ...(options.suppressions !== undefined && { suppressions: split.applied, suppressed: split.suppressed }),
    certificates: certificateLedger(examination),
    kpis,
    ...(quotas !== undefined && { quotas }),
    missing,
    problems: snapshot.problems,
    notRun,
    unrecognised: unrecognised(snapshot.list('Event')),
    redactions: snapshot.redactions,
  };
}
