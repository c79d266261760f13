/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const POLICY_V1_NUMBERS = `
Eviction metadata deleteOptions!
PodDisruptionBudget metadata spec status
PodDisruptionBudgetList metadata items!
PodDisruptionBudgetSpec minAvailable! selector! maxUnavailable! unhealthyPodEvictionPolicy!
PodDisruptionBudgetStatus observedGeneration disruptedPods disruptionsAllowed! currentHealthy! desiredHealthy! expectedPods! conditions
`;
