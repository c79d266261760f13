/** Pods that wait for a node, as findings speak of them. */
import type { ClusterSnapshot, Pod } from '@aia/cluster';
import type { Finding } from '../../finding.ts';

/** A pod that waits, with the finding about it. */
export interface Waiting {
  readonly finding: Finding;
  readonly pod: Pod;
}

/** The pods that findings are about. */
export function waitingPods(findings: readonly Finding[], snapshot: ClusterSnapshot): readonly Waiting[] {
  return findings.flatMap((finding) => {
    const pod = snapshot.resolve(finding.resource) as Pod | undefined;
    return pod === undefined ? [] : [{ finding, pod }];
  });
}
