/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const SCHEDULING_V1_NUMBERS = `
PriorityClass metadata value! globalDefault description preemptionPolicy!
PriorityClassList metadata items!
`;
