/** Fields of `io.k8s.api.coordination.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const COORDINATION_V1 = `
Lease@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:LeaseSpec={}
LeaseSpec acquireTime:meta-v1/MicroTime holderIdentity:s leaseDurationSeconds:i leaseTransitions:i preferredHolder:s renewTime:meta-v1/MicroTime strategy:s
`;
