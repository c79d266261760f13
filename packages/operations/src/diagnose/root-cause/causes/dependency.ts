/**
 * A Service without ready pods that a failing workload is configured to call: a hint, because nothing shows that the call is
 * what fails. Where the workload says so itself, an edge between the findings takes the place of this hypothesis.
 */
import { refOf, refText, type ClusterSnapshot } from '@aia/cluster';
import { configuredCalls, type ConfiguredCall } from '../configured-calls.ts';
import { CALLERS, providersByHost } from '../dependencies.ts';
import { text } from '../finding-index.ts';
import { STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { precedes } from '../onset.ts';
import { workloadRef } from './workload-ref.ts';

export function explainByDependency(roots: ReadonlySet<string>) {
  return ({ findings, examination: { snapshot } }: CauseContext): readonly Hypothesis[] => {
    const providers = providersByHost(findings, snapshot);
    if (providers.size === 0) return [];
    const callers = findings
      .ofCode(...CALLERS)
      .filter((finding) => roots.has(finding.id))
      .flatMap((finding) => configuredCalls(finding, providers, snapshot));
    const groups = Map.groupBy(
      callers,
      ({ finding, provider }) => `${text(finding, 'workload')} ${refText(refOf(provider.service))}`,
    );
    return [...groups.values()].map((group) => hypothesisOf(group, snapshot));
  };
}

function hypothesisOf(group: readonly ConfiguredCall[], snapshot: ClusterSnapshot): Hypothesis {
  const [{ finding, provider, evidence }] = group as [ConfiguredCall];
  const service = refText(refOf(provider.service));
  const workload = refText(workloadRef(finding));
  return {
    class: 'dependency-unavailable',
    resource: workloadRef(finding),
    title: `${workload} may fail because ${service}, which it is configured to call, has nothing ready behind it`,
    statement: `${workload} is configured to call ${service}, and nothing behind that answers. Nothing read shows that this call is what fails.`,
    effects: group.map((caller) => ({
      finding: caller.finding.id,
      relation: `it is configured to call ${service}`,
      evidence: [caller.evidence],
    })),
    evidence: [evidence, ...provider.finding.evidence.slice(0, 2)],
    weighings: [
      { observation: `its environment names ${service}, behind which nothing answers`, ratio: STRENGTH.hint },
      ...(precedes(provider.finding, finding, snapshot)
        ? []
        : [{ observation: 'it failed before that did', ratio: STRENGTH.contradicted }]),
    ],
    remediation: { class: 'investigate', text: `Mend what is behind ${service} first, then look again.` },
  };
}
