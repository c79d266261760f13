/** Fields of `io.k8s.api.scheduling.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const SCHEDULING_V1 = `
PriorityClass@ apiVersion:s description:s globalDefault:b kind:s metadata:meta-v1/ObjectMeta={} preemptionPolicy:s value:i
`;
