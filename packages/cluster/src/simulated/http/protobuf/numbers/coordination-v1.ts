/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const COORDINATION_V1_NUMBERS = `
Lease metadata spec
LeaseList metadata items!
LeaseSpec holderIdentity! leaseDurationSeconds! acquireTime! renewTime! leaseTransitions! strategy! preferredHolder!
`;
