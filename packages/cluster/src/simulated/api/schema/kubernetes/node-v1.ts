/** Fields of `io.k8s.api.node.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const NODE_V1 = `
Overhead podFixed:{/Quantity}
RuntimeClass@ apiVersion:s handler!:s kind:s metadata:meta-v1/ObjectMeta={} overhead:Overhead scheduling:Scheduling
Scheduling nodeSelector:{s}~atomic tolerations:[core-v1/Toleration]~atomic
`;
