/** What other parts of a cluster may ask the machines. */

/** The kubelets of all nodes. */
export interface NodeAgents {
  /** Epoch milliseconds of a node's last sign of life; `undefined` without such a node. Not written into Leases while all is well. */
  heardAt(node: string): number | undefined;
}
