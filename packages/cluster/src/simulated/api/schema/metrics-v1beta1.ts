/**
 * Fields of the kinds that metrics-server adds, in the form of `kubernetes/`.
 * Source: https://github.com/kubernetes/metrics `pkg/apis/metrics/v1beta1`.
 */
export const METRICS_V1BETA1 = `
ContainerMetrics name!:s usage!:{/Quantity}
NodeMetrics@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta timestamp!:meta-v1/Time usage!:{/Quantity} window!:meta-v1/Duration
PodMetrics@ apiVersion:s containers!:[ContainerMetrics] kind:s metadata:meta-v1/ObjectMeta timestamp!:meta-v1/Time window!:meta-v1/Duration
`;
