/** Manifests, applied server-side as `kubectl apply --server-side --force-conflicts` does. */
import { groupOf, type KubeObject } from '../../../model/kube-object.ts';
import { entityOf } from '../../entity.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { FIELD_MANAGER } from './make-change.ts';
import { nearest } from '../../near-miss.ts';

/**
 * Makes an object, or makes its fields so. @returns what it did, in words
 * @throws RangeError for objects without a name or of a kind that is not served; ApiError where the cluster refuses
 */
export function applyManifest({ api }: SimulatedCluster, manifest: KubeObject): string {
  const { apiVersion, kind, metadata } = manifest;
  const type = api.types.byKind(groupOf(apiVersion), kind);
  if (type === undefined) {
    const kinds = api.types.all.map((one) => one.kind);
    throw new RangeError(
      `manifest of ${kind} ${metadata.name}: no kind "${kind}" of ${apiVersion}${nearest(kind, kinds)}`,
    );
  }
  const namespace = type.namespaced ? (metadata.namespace ?? 'default') : '';
  const known = api.store.get(type, namespace, metadata.name);
  const configuration = type.namespaced ? { ...manifest, metadata: { ...metadata, namespace } } : manifest;
  const applied = api.apply(type, namespace, metadata.name, configuration as never, {
    fieldManager: FIELD_MANAGER,
    force: true,
  });
  const what = known === undefined ? 'made' : applied === known ? 'unchanged' : 'changed';
  return `${entityOf(applied)}: ${what}`;
}
