/** A cluster has nothing that a fault could befall: no node pool, no workload that is still sound. */
export class NoTargetError extends Error {
  override readonly name = 'NoTargetError';
}
