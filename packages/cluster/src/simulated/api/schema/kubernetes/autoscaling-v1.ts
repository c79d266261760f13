/** Fields of `io.k8s.api.autoscaling.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const AUTOSCALING_V1 = `
CrossVersionObjectReference~atomic apiVersion:s kind!:s name!:s
HorizontalPodAutoscaler@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:HorizontalPodAutoscalerSpec={} status:HorizontalPodAutoscalerStatus={}
HorizontalPodAutoscalerSpec maxReplicas!:i minReplicas:i scaleTargetRef!:CrossVersionObjectReference={} targetCPUUtilizationPercentage:i
HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage:i currentReplicas!:i desiredReplicas!:i lastScaleTime:meta-v1/Time observedGeneration:l
Scale@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ScaleSpec={} status:ScaleStatus={}
ScaleSpec replicas:i
ScaleStatus replicas!:i selector:s
`;
