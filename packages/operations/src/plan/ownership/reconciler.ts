/** Who applies an object, told from what stands on it and in the objects of the tools themselves. */
import type { ClusterSnapshot, KubeObject } from '@aia/cluster';
import type { Ownership } from '@aia/contract';
import type { Evidence } from '../../diagnose/evidence.ts';

/** How a change is written in the source. */
export type SourceForm = 'overlay' | 'values' | 'helm-release' | 'custom-resource' | 'scaler' | 'sizer' | 'none';

/** Who reconciles one object. */
export interface Reconciler {
  readonly reconciler: Ownership['reconciler'];
  /** `Application argocd/shop`. */
  readonly name: string;
  /** Whether it undoes changes made behind its back, at once or with its next run. */
  readonly isActive: boolean;
  readonly evidence: readonly Evidence[];
  /** Where the change belongs, in words. */
  readonly source: string;
  readonly form: SourceForm;
}

/** One tool's signs. */
export type Detect = (object: KubeObject, snapshot: ClusterSnapshot) => Reconciler | undefined;

/** `Kind namespace/name` of anything. */
export function nameOf(kind: string, namespace: string, name: string): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
