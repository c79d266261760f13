/** Rows of the tables of causes that lie inside one container. */
import type { ClusterSnapshot, ResourceRef } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';

/** One row of the table of causes inside a container. */
export interface ContainerCause {
  readonly class: string;
  /** Findings it would explain. */
  readonly when: (finding: Finding, snapshot: ClusterSnapshot) => boolean;
  readonly codes: readonly string[];
  readonly title: (about: About) => string;
  readonly statement: (about: About) => string;
  readonly weighings: (about: About) => readonly Weighing[];
  readonly relation: string;
  readonly remediation: readonly [RemediationClass, string];
}

/** The findings of one cause about one container of one workload. */
export interface About {
  readonly workload: ResourceRef;
  readonly container: string;
  readonly first: Finding;
  readonly pods: number;
  readonly snapshot: ClusterSnapshot;
}
