/** The strategy document, section by section; what writes it down comes after. Pure: every word is from the strategy. */
import type { Strategy } from '@aia/contract';
import { alerting } from './sections/alerting.ts';
import { alternatives } from './sections/alternatives.ts';
import { appendix, sourceText } from './sections/appendix.ts';
import { assignments } from './sections/assignments.ts';
import { changes } from './sections/changes.ts';
import { coordination } from './sections/coordination.ts';
import { dashboard } from './sections/dashboard.ts';
import { endpoints } from './sections/endpoints.ts';
import { executiveSummary } from './sections/executive-summary.ts';
import { infrastructure } from './sections/infrastructure.ts';
import { kpis } from './sections/kpis.ts';
import { monitoring } from './sections/monitoring.ts';
import { phases } from './sections/phases.ts';
import { rehearsal } from './sections/rehearsal.ts';
import { risks } from './sections/risks.ts';
import { roadmap } from './sections/roadmap.ts';
import { securitySection } from './sections/security.ts';
import { tests } from './sections/tests.ts';
import { withLeanTables, type Section } from './section.ts';
import { viewOf, type StrategyView } from './strategy-view.ts';
import { momentText } from './wording.ts';

const SECTIONS: readonly ((view: StrategyView) => Section | undefined)[] = [
  executiveSummary,
  changes,
  infrastructure,
  phases,
  coordination,
  securitySection,
  monitoring,
  endpoints,
  tests,
  alerting,
  roadmap,
  kpis,
  risks,
  assignments,
  dashboard,
  alternatives,
  rehearsal,
  appendix,
];

/** All sections, in the order of the document. One that has nothing to say says why; `changes` stands only where there is a comparison. */
export function strategySections(strategy: Strategy): readonly Section[] {
  const view = viewOf(strategy);
  return SECTIONS.flatMap((section) => section(view) ?? []).map(withLeanTables);
}

/** What the document is of. */
export function strategyTitle(strategy: Strategy): { readonly title: string; readonly subtitle: string } {
  const { cluster } = strategy.assessment;
  const observed =
    cluster.observedAt > 0 ? `observed ${momentText(cluster.observedAt)}` : 'observed at a time not known';
  return {
    title: 'Deployment strategy',
    subtitle: [
      sourceText(strategy),
      ...(cluster.serverVersion === undefined ? [] : [`Kubernetes ${cluster.serverVersion}`]),
      observed,
      `policy ${strategy.policy.name}`,
      `AIA ${strategy.generator.version}`,
    ].join(' · '),
  };
}
