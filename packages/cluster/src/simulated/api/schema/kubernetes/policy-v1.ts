/** Fields of `io.k8s.api.policy.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const POLICY_V1 = `
Eviction@ apiVersion:s deleteOptions:meta-v1/DeleteOptions kind:s metadata:meta-v1/ObjectMeta={}
PodDisruptionBudget@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:PodDisruptionBudgetSpec={} status:PodDisruptionBudgetStatus={}
PodDisruptionBudgetSpec maxUnavailable:/IntOrString minAvailable:/IntOrString selector:meta-v1/LabelSelector^replace unhealthyPodEvictionPolicy:s
PodDisruptionBudgetStatus conditions:[meta-v1/Condition]~map(type)^merge(type) currentHealthy:i desiredHealthy:i disruptedPods:{meta-v1/Time} disruptionsAllowed:i expectedPods:i observedGeneration:l
`;
