/** Scenarios: a small cluster in code, and the root causes that stand in it. */
import { readdirSync } from 'node:fs';
import { NO_CLOUD, NO_USAGE, refText, SnapshotBuilder } from '@aia/cluster';
import type { CertificateFacts, ClusterSnapshot, CloudSnapshot, UsageHistory } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { expect } from 'vitest';
import { UNIFORM_PRIORS } from '../../priors/priors.ts';
import { Examination } from '../examination.ts';
import type { Finding } from '../finding.ts';
import { findAll } from '../findings.ts';
import type { Rule } from '../rule.ts';
import { explain, type Explanation } from './root-cause.ts';
import { NOW, type Raw } from './sample-cluster.suite.ts';

/** One cluster. */
export interface Scenario {
  readonly objects: readonly Raw[];
  readonly cloud?: Partial<CloudSnapshot>;
  readonly usage?: UsageHistory;
  readonly certificates?: readonly CertificateFacts[];
}

/** A root cause as tests state it: class, resource as `refText` writes it, codes of what it explains (sorted, each once). */
export type Expected = readonly [cause: string, resource: string, explains: readonly string[]];

const folder = new URL('../rules/', import.meta.url);
const RULES: readonly Rule[] = await Promise.all(
  readdirSync(folder).map(async (code) => ((await import(`../rules/${code}/rule.ts`)) as { rule: Rule }).rule),
);

/** Whether a rule of this code exists. */
export function hasRule(code: string): boolean {
  return RULES.some((rule) => rule.code === code);
}

/** The snapshot of a scenario, which must be free of problems. */
export function snapshotOf(scenario: Scenario, objects: readonly Raw[] = scenario.objects): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of structuredClone(objects)) builder.add(object, 'scenario');
  const snapshot = builder.build({
    source: { kind: 'dump', name: 'scenario' },
    observedAt: NOW,
    cloud: { ...NO_CLOUD, ...scenario.cloud },
    usage: scenario.usage ?? NO_USAGE,
    certificates: scenario.certificates ?? [],
    missing: [],
  });
  expect(snapshot.problems).toEqual([]);
  return snapshot;
}

/** Findings and causes of a snapshot, by every rule there is. */
export function diagnosed(snapshot: ClusterSnapshot): Explanation & { readonly findings: readonly Finding[] } {
  const examination = new Examination(snapshot);
  const { findings } = findAll(examination, RULES);
  return { findings, ...explain(examination, findings, UNIFORM_PRIORS) };
}

/** Root causes of more than low weight, as tests state them, by class and resource. */
export function causesOf(scenario: Scenario): readonly Expected[] {
  const { rootCauses, findings } = diagnosed(snapshotOf(scenario));
  const codes = new Map(findings.map(({ id, code }) => [id, code]));
  const weighty = rootCauses.filter(({ severity }) => severity !== 'low' && severity !== 'info');
  return sorted(
    weighty.map((cause): Expected => [
      cause.class,
      refText(cause.resource),
      [...new Set(cause.explains.map((id) => codes.get(id) ?? id))].sort(),
    ]),
  );
}

/** The same order for what is expected and what is found. */
export function sorted(causes: readonly Expected[]): readonly Expected[] {
  return causes.toSorted((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1));
}

/** The cause of a class, which must be there. */
export function causeOf(scenario: Scenario, causeClass: string): AssessedRootCause {
  const found = diagnosed(snapshotOf(scenario)).rootCauses.find((cause) => cause.class === causeClass);
  if (found === undefined) throw new Error(`no root cause of class ${causeClass}`);
  return found;
}
