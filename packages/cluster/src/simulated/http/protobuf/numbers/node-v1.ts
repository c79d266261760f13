/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const NODE_V1_NUMBERS = `
Overhead podFixed
RuntimeClass metadata handler! overhead! scheduling!
RuntimeClassList metadata items!
Scheduling nodeSelector tolerations
`;
