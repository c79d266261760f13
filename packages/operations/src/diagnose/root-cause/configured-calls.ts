/**
 * Calls that a workload is configured to make to a Service behind which nothing answers. Alone that is a hint; it is a failed call
 * where the container does nothing but wait for it, or where it was ready until just after the Service went.
 */
import { timeOf, type ClusterSnapshot, type Container, type Pod } from '@aia/cluster';
import { conditionOf } from '../conditions.ts';
import type { Evidence } from '../evidence.ts';
import { fieldEvidence } from '../examination.ts';
import type { Finding } from '../finding.ts';
import { providerNamed, providersByHost, workloadOf, type FailedCall, type Provider } from './dependencies.ts';
import { text, type FindingIndex } from './finding-index.ts';
import { onsetOf } from './onset.ts';

/** A failing pod whose container names the Service. */
export interface ConfiguredCall {
  readonly finding: Finding;
  readonly provider: Provider;
  readonly evidence: Evidence;
}

/** What fails because of what failed before it does so within so long; probes and retries take their time. */
const SOON_MS = 10 * 60_000;
/** What has been ready for less than this never was in service. */
const SETTLED_MS = 15 * 60_000;
/** Clocks and reports of components differ by so much. */
const SLACK_MS = 60_000;
/** Scripts are looked at up to here. */
const LONGEST = 4000;

/** The first Service that the environment of the finding's container names; at most one. */
export function configuredCalls(
  finding: Finding,
  providers: ReadonlyMap<string, Provider>,
  snapshot: ClusterSnapshot,
): readonly ConfiguredCall[] {
  const found = containerOf(finding, snapshot);
  if (found === undefined) return [];
  for (const [i, { value = '' }] of (found.container.env ?? []).entries()) {
    const provider = calledBy(finding, value, providers);
    if (provider !== undefined)
      return [{ finding, provider, evidence: fieldEvidence(found.pod, `${found.path}.env[${i}].value`, value) }];
  }
  return [];
}

/** Calls that no words tell of, and that are known to fail all the same. */
export function silentCalls(findings: FindingIndex, snapshot: ClusterSnapshot): readonly FailedCall[] {
  const providers = providersByHost(findings, snapshot);
  if (providers.size === 0) return [];
  return [
    ...findings.ofCode('container-init-blocked').flatMap((finding) => awaitedCalls(finding, providers, snapshot)),
    ...findings
      .ofCode('container-not-ready')
      .flatMap((finding) => configuredCalls(finding, providers, snapshot))
      .filter((call) => isTornAlong(call, findings, snapshot)),
  ].map(({ finding, provider, evidence }) => ({
    from: provider.finding,
    to: finding,
    service: `${provider.service.metadata.namespace ?? ''}/${provider.service.metadata.name}`,
    providers: [...provider.workloads],
    evidence: [evidence],
  }));
}

/** The Service that an init container waits for, by its command, arguments or environment. */
function awaitedCalls(
  finding: Finding,
  providers: ReadonlyMap<string, Provider>,
  snapshot: ClusterSnapshot,
): readonly ConfiguredCall[] {
  const found = containerOf(finding, snapshot);
  if (found === undefined || text(finding, 'cause') !== 'running') return [];
  for (const part of ['command', 'args'] as const) {
    for (const [i, script] of (found.container[part] ?? []).entries()) {
      for (const word of script.slice(0, LONGEST).match(/[a-z0-9][a-z0-9.-]*(?::\d+)?/g) ?? []) {
        const provider = calledBy(finding, word, providers);
        if (provider !== undefined)
          return [{ finding, provider, evidence: fieldEvidence(found.pod, `${found.path}.${part}[${i}]`, script) }];
      }
    }
  }
  return configuredCalls(finding, providers, snapshot);
}

/** Whether the pod was ready for long, and ceased to be just after what it calls failed. */
function isTornAlong(
  { finding, provider }: ConfiguredCall,
  findings: FindingIndex,
  snapshot: ClusterSnapshot,
): boolean {
  const pod = snapshot.resolve(finding.resource) as Pod | undefined;
  const ready = conditionOf(pod?.status?.conditions, 'Ready');
  const [made, lost] = [timeOf(pod?.metadata.creationTimestamp), timeOf(ready?.lastTransitionTime)];
  const onsets = [...provider.workloads]
    .flatMap((key) => findings.ofWorkloadKey(key))
    .map((one) => onsetOf(one, snapshot))
    .filter((at) => at !== undefined);
  const gone = Math.min(...onsets);
  if (ready?.status === 'True' || made === undefined || lost === undefined) return false;
  return lost - made >= SETTLED_MS && lost >= gone - SLACK_MS && lost - gone <= SOON_MS;
}

function calledBy(finding: Finding, word: string, providers: ReadonlyMap<string, Provider>): Provider | undefined {
  const provider = providerNamed(word, finding.resource.namespace, providers);
  return provider?.workloads.has(workloadOf(finding)) === true ? undefined : provider;
}

function containerOf(
  finding: Finding,
  snapshot: ClusterSnapshot,
): { readonly pod: Pod; readonly container: Container; readonly path: string } | undefined {
  const pod = snapshot.resolve(finding.resource) as Pod | undefined;
  if (pod === undefined) return undefined;
  for (const list of ['containers', 'initContainers'] as const) {
    const all = pod.spec?.[list] ?? [];
    const at = all.findIndex(({ name }) => name === text(finding, 'container'));
    const container = all[at];
    if (container !== undefined) return { pod, container, path: `spec.${list}[${at}]` };
  }
  return undefined;
}
