/** What a cluster is: resources, snapshots, topology, scheduling, cloud and usage. Runs anywhere; opens no socket. */
export type { DeepReadonly, Kube, KubeObject, ObjectMeta } from './model/kube-object.ts';
export { groupOf } from './model/kube-object.ts';
export type * from './model/kinds.ts';
export { KIND_GROUPS, isNamespacedKind } from './model/kinds.ts';
export type { ResourceRef } from './model/resource-ref.ts';
export { objectKey, refKey, refOf, refText } from './model/resource-ref.ts';
export type { Quantity } from './model/quantity.ts';
export {
  amountOf,
  cpuMillis,
  cpuMillisExact,
  formatBytes,
  formatCpu,
  parseQuantity,
  readableBytes,
  wholeUnits,
} from './model/quantity.ts';
export type { Labels, LabelSelector, Requirement } from './model/selector.ts';
export { matchesLabels, matchesRequirement, matchesSelector, selectorText } from './model/selector.ts';
export type { CertificateFacts, CertificateSource } from './snapshot/certificate.ts';
export type { FoundCertificate, SnapshotFacts } from './snapshot/builder.ts';
export { SnapshotBuilder } from './snapshot/builder.ts';
export type { RedactionCounts } from './snapshot/redact.ts';
export { MASK, redactText } from './snapshot/redact.ts';
export type { ClusterSnapshot, ContainerLog, InputProblem, MissingInput, SnapshotParts } from './snapshot/snapshot.ts';
export { createSnapshot, eventCount, eventTime, timeOf } from './snapshot/snapshot.ts';
export type * from './cloud/cloud.ts';
export { NO_CLOUD } from './cloud/cloud.ts';
export type * from './usage/usage.ts';
export { NO_USAGE } from './usage/usage.ts';
export type { FitOptions, Fit, Placement } from './scheduling/fit-pods.ts';
export { fitPods, nodesNeeded, waitingPods } from './scheduling/fit-pods.ts';
export type { TemplateOptions } from './scheduling/template-node.ts';
export { nodePoolOf, templateNode } from './scheduling/template-node.ts';
export type { NodeAddition, NodeScore, RequestChange } from './scheduling/world.ts';
export { createWorld, filterNode, isFinished, nodeStatesOf, SchedulingWorld } from './scheduling/world.ts';
export type { NodeState } from './scheduling/node-state.ts';
export type { Repack, RepackOptions } from './scheduling/repack.ts';
export { repack } from './scheduling/repack.ts';
export type { Resources } from './scheduling/resources.ts';
export { podRequests } from './scheduling/pod-requests.ts';
export type { UsageIndex, WorkloadUsage } from './usage/usage-index.ts';
export { indexUsage, usageOfPod, workloadUsage } from './usage/usage-index.ts';
export type { UsageSummary } from './usage/summarise.ts';
export { percentile, summarise, SUFFICIENT } from './usage/summarise.ts';
export type { Headroom, QuotaFit } from './cloud/quota-headroom.ts';
export { bindingQuota, headroom } from './cloud/quota-headroom.ts';
export type { QuotaNeed } from './cloud/quota-need.ts';
export { quotaNeedOfLoadBalancer, quotaNeedOfNode } from './cloud/quota-need.ts';
export type { ConfigReference } from './topology/config-references.ts';
export { configReferences } from './topology/config-references.ts';
export type { ClusterReader } from './reader.ts';
export { CloudCollector } from './cloud/cloud-collector.ts';
export { recogniseCloud } from './cloud/recognise-cloud.ts';
export { parseAutoscalerStatus } from './cloud/autoscaler-status.ts';
export { machineType } from './cloud/machine-types.ts';
export { UsageCollector } from './usage/usage-collector.ts';
export { isPrometheusAnswer, readPrometheus } from './usage/prometheus.ts';
export { vpaRecommendations } from './usage/vpa.ts';
export type { Unschedulable } from './scheduling/explain.ts';
export { explain, explainPreemption, unschedulable } from './scheduling/explain.ts';
export type { FilterName, Refusal } from './scheduling/filters/refusal.ts';
export type { PodProfile } from './scheduling/pod-profile.ts';
export { podKey } from './scheduling/pod-profile.ts';
export type { Quantities } from './scheduling/resources.ts';
export { addResources, maxResources, resourcesOf } from './scheduling/resources.ts';
export type { KeepReason, KeptNode, RemovedNode } from './scheduling/repack.ts';
export { drainOrder, utilisationOf } from './scheduling/repack.ts';
export type { Blocker, Drain, DrainOptions } from './scheduling/drainability.ts';
export { drainOf } from './scheduling/drainability.ts';
export { controllerOf, isDaemonPod, isMirrorPod } from './scheduling/pod-owner.ts';
export type { Reference, Relation, RelationName, RelationRule } from './topology/relation.ts';
export { RELATION_RULES } from './topology/relation-rules.ts';
export type { Reached, ReachOptions, Topology } from './topology/topology.ts';
export { createTopology, dependantsOf, reach, relationsOf } from './topology/topology.ts';
