/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const AUTOSCALING_V1_NUMBERS = `
ContainerResourceMetricSource name! targetAverageUtilization! targetAverageValue! 5=container!
ContainerResourceMetricStatus name! currentAverageUtilization! currentAverageValue! container!
CrossVersionObjectReference kind! name! apiVersion
ExternalMetricSource metricName! metricSelector! targetValue! targetAverageValue!
ExternalMetricStatus metricName! metricSelector! currentValue! currentAverageValue!
HorizontalPodAutoscaler metadata spec status
HorizontalPodAutoscalerCondition type! status! lastTransitionTime reason message
HorizontalPodAutoscalerList metadata items!
HorizontalPodAutoscalerSpec scaleTargetRef! minReplicas! maxReplicas! targetCPUUtilizationPercentage!
HorizontalPodAutoscalerStatus observedGeneration! lastScaleTime! currentReplicas! desiredReplicas! currentCPUUtilizationPercentage!
MetricSpec type! object! pods! resource! external! 7=containerResource!
MetricStatus type! object! pods! resource! external! 7=containerResource!
ObjectMetricSource target! metricName! targetValue! selector! averageValue!
ObjectMetricStatus target! metricName! currentValue! selector! averageValue!
PodsMetricSource metricName! targetAverageValue! selector!
PodsMetricStatus metricName! currentAverageValue! selector!
ResourceMetricSource name! targetAverageUtilization! targetAverageValue!
ResourceMetricStatus name! currentAverageUtilization! currentAverageValue!
Scale metadata spec status
ScaleSpec replicas
ScaleStatus replicas! selector
`;
