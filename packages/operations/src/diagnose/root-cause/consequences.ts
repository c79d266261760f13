/** Which findings follow from which: the edges of the causal graph between findings, from the tables in `consequences/`. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import { CAPACITY_CONSEQUENCES } from './consequences/capacity.ts';
import { CERTIFICATE_CONSEQUENCES } from './consequences/certificates.ts';
import type { ConsequenceRule } from './consequences/consequence-rule.ts';
import { CUSTOM_RESOURCE_CONSEQUENCES } from './consequences/custom-resources.ts';
import { ENDPOINT_CONSEQUENCES } from './consequences/endpoints.ts';
import { EXTENSION_CONSEQUENCES } from './consequences/extension.ts';
import { NETWORK_CONSEQUENCES } from './consequences/network.ts';
import { NODE_CONSEQUENCES } from './consequences/nodes.ts';
import { POD_CONSEQUENCES } from './consequences/pods.ts';
import { SYSTEM_CONSEQUENCES } from './consequences/system.ts';
import { WORKLOAD_CONSEQUENCES } from './consequences/workloads.ts';
import { STORAGE_CONSEQUENCES } from './consequences/storage.ts';
import { silentCalls } from './configured-calls.ts';
import { failedCalls, oneWay } from './dependencies.ts';
import type { FindingIndex } from './finding-index.ts';
import { precedes } from './onset.ts';

export interface Consequence {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
  readonly evidence: readonly Evidence[];
}

/** An edge that two rows give is told by the first. */
const RULES: readonly ConsequenceRule[] = [
  ...POD_CONSEQUENCES,
  ...NODE_CONSEQUENCES,
  ...CAPACITY_CONSEQUENCES,
  ...SYSTEM_CONSEQUENCES,
  ...WORKLOAD_CONSEQUENCES,
  ...EXTENSION_CONSEQUENCES,
  ...STORAGE_CONSEQUENCES,
  ...NETWORK_CONSEQUENCES,
  ...CERTIFICATE_CONSEQUENCES,
  ...ENDPOINT_CONSEQUENCES,
  ...CUSTOM_RESOURCE_CONSEQUENCES,
];

/** All edges between findings, each once, in a stable order. */
export function consequencesOf(findings: FindingIndex, snapshot: ClusterSnapshot): readonly Consequence[] {
  const edges = new Map<string, Consequence>();
  for (const rule of RULES) {
    for (const finding of findings.ofCode(...rule.from)) {
      for (const effect of rule.effects(finding, findings, snapshot)) {
        const key = `${finding.id} ${effect.id}`;
        if (effect.id !== finding.id && !edges.has(key))
          edges.set(key, {
            from: finding.id,
            to: effect.id,
            relation: rule.relation,
            evidence: rule.evidence?.(finding, effect) ?? [
              ...finding.evidence.slice(0, 1),
              ...effect.evidence.slice(0, 1),
            ],
          });
      }
    }
  }
  for (const { from, to, service, evidence } of oneWay([
    ...silentCalls(findings, snapshot),
    ...failedCalls(findings, snapshot),
  ])) {
    if (!precedes(from, to, snapshot)) continue;
    const relation = `it calls Service ${service}, behind which nothing answers`;
    edges.set(`${from.id} ${to.id}`, {
      from: from.id,
      to: to.id,
      relation,
      evidence: [...evidence, ...from.evidence.slice(0, 1)],
    });
  }
  return [...edges.values()];
}
