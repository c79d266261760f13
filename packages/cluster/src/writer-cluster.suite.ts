/** The cluster that the suite of writers writes to, for adapters over whatever carries their requests. */
import { WRITER_OBJECTS, type WriterCase } from './writer.suite.ts';
import { SimulatedCluster } from './simulated/simulated-cluster.ts';

/** A fresh cluster with what the suite expects, and how to look into it from inside. */
export function writerCluster(): { readonly cluster: SimulatedCluster; readonly read: WriterCase['read'] } {
  const cluster = new SimulatedCluster();
  const { api } = cluster;
  for (const object of WRITER_OBJECTS) {
    const type = api.types.of(object);
    if (type !== undefined && api.store.get(type, object.metadata.namespace ?? '', object.metadata.name) === undefined)
      api.create(type, object);
  }
  return {
    cluster,
    read: ({ group, kind, namespace, name }) => {
      const type = api.types.byKind(group, kind);
      return Promise.resolve(type === undefined ? undefined : api.store.get(type, namespace, name));
    },
  };
}
