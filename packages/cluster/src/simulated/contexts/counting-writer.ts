/** A writer that counts what it was asked to change. */
import type { ClusterWriter, WriteRequest } from '../../writer.ts';

/** The writer, and how many requests it had but dry runs. */
export interface CountingWriter {
  readonly writer: ClusterWriter;
  readonly count: number;
}

export function countingWriter(inner: ClusterWriter): CountingWriter {
  let count = 0;
  const counted = <T extends WriteRequest>(request: T): T => {
    if (request.dryRun !== true) count++;
    return request;
  };
  const writer: ClusterWriter = {
    create: (object, request) => inner.create(object, counted(request)),
    apply: (object, request) => inner.apply(object, counted(request)),
    patch: (target, patch, request) => inner.patch(target, patch, counted(request)),
    remove: (target, request) => inner.remove(target, counted(request)),
    scale: (target, replicas, request) => inner.scale(target, replicas, counted(request)),
    evict: (pod, request) => inner.evict(pod, counted(request)),
  };
  return {
    writer,
    get count() {
      return count;
    },
  };
}
