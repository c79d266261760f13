/** Fields of `io.k8s.api.autoscaling.v2`. Made by `scripts/kubernetes-schema.ts`. */
export const AUTOSCALING_V2 = `
ContainerResourceMetricSource container!:s name!:s target!:MetricTarget={}
ContainerResourceMetricStatus container!:s current!:MetricValueStatus={} name!:s
CrossVersionObjectReference apiVersion:s kind!:s name!:s
ExternalMetricSource metric!:MetricIdentifier={} target!:MetricTarget={}
ExternalMetricStatus current!:MetricValueStatus={} metric!:MetricIdentifier={}
HPAScalingPolicy periodSeconds!:i type!:s value!:i
HPAScalingRules policies:[HPAScalingPolicy]~atomic selectPolicy:s stabilizationWindowSeconds:i tolerance:/Quantity
HorizontalPodAutoscaler@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:HorizontalPodAutoscalerSpec={} status:HorizontalPodAutoscalerStatus={}
HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
HorizontalPodAutoscalerCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas!:i metrics:[MetricSpec]~atomic minReplicas:i scaleTargetRef!:CrossVersionObjectReference={}
HorizontalPodAutoscalerStatus conditions:[HorizontalPodAutoscalerCondition]~map(type)^merge(type) currentMetrics:[MetricStatus]~atomic currentReplicas:i desiredReplicas!:i lastScaleTime:meta-v1/Time observedGeneration:l
MetricIdentifier name!:s selector:meta-v1/LabelSelector
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type!:s
MetricStatus containerResource:ContainerResourceMetricStatus external:ExternalMetricStatus object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus type!:s
MetricTarget averageUtilization:i averageValue:/Quantity type!:s value:/Quantity
MetricValueStatus averageUtilization:i averageValue:/Quantity value:/Quantity
ObjectMetricSource describedObject!:CrossVersionObjectReference={} metric!:MetricIdentifier={} target!:MetricTarget={}
ObjectMetricStatus current!:MetricValueStatus={} describedObject!:CrossVersionObjectReference={} metric!:MetricIdentifier={}
PodsMetricSource metric!:MetricIdentifier={} target!:MetricTarget={}
PodsMetricStatus current!:MetricValueStatus={} metric!:MetricIdentifier={}
ResourceMetricSource name!:s target!:MetricTarget={}
ResourceMetricStatus current!:MetricValueStatus={} name!:s
`;
