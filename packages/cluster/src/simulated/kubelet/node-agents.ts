/** What other parts of a cluster may ask the machines. */
import type { NodeOptions } from './node-registration.ts';
import type { Node, NodeMetrics, PodMetrics } from '../../model/kinds.ts';

/** As `kubectl logs` asks. */
export interface LogOptions {
  /** Of the process before. */
  readonly previous?: boolean;
  /** Only so many of the last lines. */
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** Epoch milliseconds. */
  readonly sinceAt?: number;
  readonly timestamps?: boolean;
  readonly limitBytes?: number;
}

/** The kubelets of all nodes. */
export interface NodeAgents {
  /** Lets a machine join as its kubelet would. @throws ApiError 409 where the name is taken */
  addNode(options: NodeOptions): Node;
  /** The kubelet of a node falls silent; with `machine` everything on it dies as well. @throws ApiError 404 */
  stopNode(name: string, options?: { readonly machine?: boolean }): void;
  /** Shuts a machine down in an orderly way: its pods get `graceMs` (30 s) to end, then it is off. @throws ApiError 404 */
  shutDownNode(name: string, graceMs?: number): void;
  /**
   * Epoch milliseconds of a node's last sign of life; `undefined` without such a node. Signs of life follow from the time while all is well,
   * and are written into the Lease only when a kubelet begins or falls silent.
   */
  heardAt(node: string): number | undefined;
  /** What a pod uses, as of the latest sample; `undefined` while nothing of it runs. */
  podMetrics(namespace: string, name: string): PodMetrics | undefined;
  /** What a node uses, as of the latest sample; `undefined` while its kubelet does not answer. */
  nodeMetrics(name: string): NodeMetrics | undefined;
  /**
   * The log of one container as text.
   * @throws ApiError 404 without the pod on a node, 400 where there is no log, in the words of a kubelet
   */
  logOf(namespace: string, name: string, container: string, options?: LogOptions): string;
}
