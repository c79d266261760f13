/** Which findings make a run fail. */
import type { AssessedFinding, Assessment } from '@aia/contract';
import { regressions, severityRank, type Severity } from '@aia/operations';

/**
 * Findings at least so severe: with a comparison those that are new or worse; with namespaces asked for, those in them and those
 * of the same root cause, not what else is wrong with the cluster.
 */
export function offending(assessment: Assessment, failOn: Severity): readonly AssessedFinding[] {
  const { findings, comparison } = assessment;
  const changed = comparison === undefined ? undefined : regressions(comparison);
  const isAskedFor = askedFor(assessment);
  return findings.filter(
    (finding) =>
      severityRank(finding.severity) <= severityRank(failOn) &&
      (changed?.has(finding.id) ?? true) &&
      isAskedFor(finding),
  );
}

function askedFor({ cluster: { namespaces }, findings }: Assessment): (finding: AssessedFinding) => boolean {
  if (namespaces === undefined) return () => true;
  const isInside = ({ resource }: AssessedFinding) =>
    resource.namespace !== '' || (resource.kind === 'Namespace' && namespaces.includes(resource.name));
  const causes = new Set(findings.filter(isInside).map(({ explainedBy }) => explainedBy));
  return (finding) => isInside(finding) || (finding.explainedBy !== undefined && causes.has(finding.explainedBy));
}
