/** From a snapshot to the assessment: findings, root causes, KPIs, verdict. Pure; same input, same bytes. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { AssessedFinding, Assessment } from '@aia/contract';
import { RULES } from './diagnose/catalogue.ts';
import { Examination, type Thresholds } from './diagnose/examination.ts';
import { findAll } from './diagnose/findings.ts';
import { unrecognised } from './diagnose/messages/recognise.ts';
import { explain } from './diagnose/root-cause/root-cause.ts';
import { computeKpis } from './kpi/kpis.ts';
import { countPods } from './kpi/pod-success.ts';
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
  /** Version of AIA, for the report's `generator`. */
  readonly version: string;
}

/** Diagnoses a snapshot. */
export function assess(snapshot: ClusterSnapshot, options: AssessOptions): Assessment {
  const namespaces = options.namespaces === undefined ? undefined : new Set(options.namespaces);
  const examination = new Examination(snapshot, {
    namespaces,
    ...(options.thresholds && { thresholds: options.thresholds }),
  });
  const { findings, notRun } = findAll(examination, RULES);
  const { rootCauses, explainedBy } = explain(examination, findings, options.priors ?? UNIFORM_PRIORS);
  const pods = countPods(examination);
  const kpis = computeKpis(snapshot, examination.thresholds, pods);
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
    verdict: judge({ snapshot, thresholds, causes: rootCauses, kpis, pods, missing, namespaces, absent: nothing }),
    rootCauses,
    findings: findings.map((finding): AssessedFinding => ({ ...finding, explainedBy: explainedBy.get(finding.id) })),
    kpis,
    missing,
    problems: snapshot.problems,
    notRun,
    unrecognised: unrecognised(snapshot.list('Event')),
    redactions: snapshot.redactions,
  };
}
