/** What it means that one resource relates to another. */
import type { KubeObject } from '../model/kube-object.ts';
import type { ResourceRef } from '../model/resource-ref.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';

/** Every relation reads "from … to" and says that `from` depends on `to`. */
export type RelationName =
  | 'owns'
  | 'selects'
  | 'guards'
  | 'mounts'
  | 'binds'
  | 'runs on'
  | 'routes to'
  | 'attaches to'
  | 'scales'
  | 'uses account'
  | 'calls'
  | 'provisions'
  | 'needs quota'
  | 'grants'
  | 'watches';

/** A target as an object names it; it need not exist. */
export interface Reference {
  readonly to: ResourceRef;
  /**
   * Field that names the target, for example `spec.rules[0].http.paths[1].backend.service`. For `owns` it stands in the
   * target, for Services and their EndpointSlices on the slice's label.
   */
  readonly path: string;
  /** The object works without the target. */
  readonly optional: boolean;
  /** Keys of a ConfigMap or Secret that are needed; empty for the object as a whole. */
  readonly keys: readonly string[];
}

/** One edge of the topology. */
export interface Relation extends Reference {
  readonly name: RelationName;
  readonly from: ResourceRef;
}

/** How objects of one kind come by relations of one name. */
export interface RelationRule {
  readonly name: RelationName;
  /** `group/Kind` that it starts from; `*` for any. */
  readonly from: string;
  /** Kinds (without group) it can lead to; `*` for any. */
  readonly to: readonly string[];
  /** Whether trouble of the target is trouble of the object; a NetworkPolicy does not suffer with its pods. */
  readonly suffers: boolean;
  targets(object: KubeObject, snapshot: ClusterSnapshot): readonly Reference[];
}
