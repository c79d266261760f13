/** What a cluster is: resources, snapshots, topology, scheduling, cloud and usage. Runs anywhere; opens no socket. */
export type * from './model/certificate-kinds.ts';
export type { CustomCondition } from './model/condition.ts';
export type { CalendarFields, CronSchedule, ParsedSchedule } from './model/cron/cron-schedule.ts';
export { parseSchedule, parseZonedSchedule } from './model/cron/cron-schedule.ts';
export { nextTime } from './model/cron/next-time.ts';
export { isTimeZone } from './model/cron/time-zone.ts';
export type * from './model/custom-kinds.ts';
export type * from './model/gateway-kinds.ts';
export type * from './model/kinds.ts';
export { isNamespacedKind, KIND_GROUPS } from './model/kinds.ts';
export type { DeepReadonly, Kube, KubeObject, ObjectMeta } from './model/kube-object.ts';
export { groupOf } from './model/kube-object.ts';
export type { IntOrPercent } from './model/int-or-percent.ts';
export { scaledValue } from './model/int-or-percent.ts';
export { patternOf } from './model/name-pattern.ts';
export { compare } from './model/order.ts';
export {
  amountOf,
  cpuMillis,
  cpuMillisExact,
  formatBytes,
  formatCpu,
  readableBytes,
  wholeUnits,
} from './model/quantity.ts';
export type { ResourceRef } from './model/resource-ref.ts';
export { namespacedName, objectKey, refKey, refOf, refText } from './model/resource-ref.ts';
export type { Labels, LabelSelector } from './model/selector.ts';
export { matchesLabels, matchesSelector, selectorText } from './model/selector.ts';
export type { Json } from './model/unknown-json.ts';
export type { FoundCertificate, SnapshotFacts, TlsReader, TlsReading } from './snapshot/builder.ts';
export { editDistance } from './simulated/near-miss.ts';
export { SnapshotBuilder } from './snapshot/builder.ts';
export type {
  CertificateFacts,
  CertificateSource,
  ChainCertificate,
  UnreadableCertificate,
} from './snapshot/certificate.ts';
export type { EndpointFault, EndpointProbeResult } from './snapshot/endpoint.ts';
export type { ClusterErrorCode } from './snapshot/cluster-error.ts';
export { ClusterError } from './snapshot/cluster-error.ts';
export type { SnapshotDocument } from './snapshot/codec.ts';
export {
  decodeSnapshot,
  encodeSnapshot,
  readEndpointResult,
  sealSnapshot,
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
} from './snapshot/codec.ts';
export type { ObjectChange, SnapshotDiff } from './snapshot/diff.ts';
export { applyDiff, changedPaths, diffSnapshots, reverseDiff, sameJson } from './snapshot/diff.ts';
export type { InclusionProof, LeafType, SnapshotLeaf, SnapshotTree } from './snapshot/merkle.ts';
export {
  inclusionProof,
  merkleRoot,
  snapshotLeaves,
  snapshotTree,
  verifyInclusion,
  verifyLeaf,
} from './snapshot/merkle.ts';
export type { CrashingContainer } from './snapshot/crashing-containers.ts';
export { crashingContainers } from './snapshot/crashing-containers.ts';
export { controllingReference } from './snapshot/owner-reference.ts';
export type { RedactionCounts } from './snapshot/redact.ts';
export { redactText } from './snapshot/redact.ts';
export type { ClusterSnapshot, ContainerLog, InputProblem, MissingInput, SnapshotParts } from './snapshot/snapshot.ts';
export { createSnapshot } from './snapshot/snapshot.ts';
export { missingSurroundings } from './snapshot/missing-surroundings.ts';
export { eventCount, eventTime, newestFirst, timeOf } from './snapshot/event-time.ts';
export type { ConfigReference } from './topology/config-references.ts';
export { configReferences } from './topology/config-references.ts';
export type { Reference, Relation, RelationName } from './topology/relation.ts';
export type { Reached, ReachOptions, Topology } from './topology/topology.ts';
export { createTopology, dependantsOf, reach, relationsOf } from './topology/topology.ts';
export type { Blocker, Drain, DrainOptions } from './scheduling/drainability.ts';
export { drainOf, SAFE_TO_EVICT } from './scheduling/drainability.ts';
export type { Unschedulable } from './scheduling/explain.ts';
export { explain, explainPreemption, unschedulable } from './scheduling/explain.ts';
export type { FilterName, Refusal } from './scheduling/filters/refusal.ts';
export type { Fit, FitOptions, Placement } from './scheduling/fit-pods.ts';
export { fitPods, waitingPods } from './scheduling/fit-pods.ts';
export type { NodeState } from './scheduling/node-state.ts';
export { controllerOf, isDaemonPod, isFinished, isMirrorPod } from './scheduling/pod-owner.ts';
export type { PodProfile } from './scheduling/pod-profile.ts';
export { podRequests } from './scheduling/pod-requests.ts';
export type { KeepReason, KeptNode, RemovedNode, Repack, RepackOptions } from './scheduling/repack.ts';
export { drainOrder, repack } from './scheduling/repack.ts';
export type { Quantities, Resources } from './scheduling/resources.ts';
export { resourcesOf } from './scheduling/resources.ts';
export { driverOf, reachable } from './scheduling/storage.ts';
export type { TemplateOptions } from './scheduling/template-node.ts';
export { nodePoolOf, templateNode } from './scheduling/template-node.ts';
export type { NodeAddition, NodeScore, RequestChange } from './scheduling/world.ts';
export { createWorld, SchedulingWorld } from './scheduling/world.ts';
export { parseAutoscalerStatus } from './cloud/autoscaler-status.ts';
export type { ClusterHint } from './cloud/cloud-collector.ts';
export { CloudCollector } from './cloud/cloud-collector.ts';
export type * from './cloud/cloud.ts';
export { NO_CLOUD } from './cloud/cloud.ts';
export type { GpuModel, MachineType } from './cloud/machine-types.ts';
export { machineType } from './cloud/machine-types.ts';
export { groupPool, groupZone } from './cloud/node-group.ts';
export { ingressOfRule, serviceOfRule } from './cloud/parse-addresses.ts';
export type { CostEstimate } from './cloud/cost.ts';
export { costOf } from './cloud/cost.ts';
export type { CostItem, CostLine, CostOptions, CostParts, Unpriced } from './cloud/cost-lines.ts';
export { rulesHourly } from './cloud/cost-lines.ts';
export { parsePrices } from './cloud/parse-prices.ts';
export type { MachinePrice, PriceTable } from './cloud/prices.ts';
export { HOURS_PER_MONTH, LIST_PRICES } from './cloud/prices.ts';
export type { Headroom, NeedFit, QuotaFit } from './cloud/quota-headroom.ts';
export { bindingQuota, headroom } from './cloud/quota-headroom.ts';
export type { LoadBalancerKind, QuotaNeed } from './cloud/quota-need.ts';
export type { DiskShape } from './cloud/disk-need.ts';
export { diskKindOf, quotaNeedOfClaim, quotaNeedOfDisk, wholeGb } from './cloud/disk-need.ts';
export { quotaNeedOfGateway, quotaNeedOfIngress } from './cloud/http-front-need.ts';
export { quotaNeedOfLoadBalancer, quotaNeedOfNode } from './cloud/quota-need.ts';
export { regionOfZone } from './cloud/resource-url.ts';
export type { UsageQuantity } from './usage/prometheus.ts';
export { isPrometheusAnswer, readPrometheus } from './usage/prometheus.ts';
export type { SufficiencyThresholds, UsageSummary } from './usage/summarise.ts';
export { percentile, shortcomingOf, SUFFICIENT, summarise } from './usage/summarise.ts';
export { UsageCollector } from './usage/usage-collector.ts';
export type { PodKey, UsageIndex, WorkloadUsage } from './usage/usage-index.ts';
export { indexUsage, podsByWorkload, usageOfPod, workloadUsage } from './usage/usage-index.ts';
export type * from './usage/usage.ts';
export { NO_USAGE } from './usage/usage.ts';
export type { RecommendedAmounts, VpaRecommendation } from './usage/vpa.ts';
export { vpaRecommendations } from './usage/vpa.ts';
export type { ClusterReader } from './reader.ts';
export type { Exchange, RestRequest } from './rest-writer.ts';
export { createRestWriter } from './rest-writer.ts';
export type * from './writer.ts';
export type {
  ContainerBehaviour,
  ContainerPlace,
  Behaviours,
  ImageBehaviour,
  UsageCurve,
} from './simulated/kubelet/behaviour.ts';
export { HEALTHY } from './simulated/kubelet/behaviour.ts';
export { imageTitleOf } from './simulated/kubelet/image-reference.ts';
export { shiftTime } from './simulated/loading/shift-time.ts';
export type { CloudConditions, QuotaExceeded, StockOut } from './simulated/cloud/simulated-cloud.ts';
export { SimulatedCloud } from './simulated/cloud/simulated-cloud.ts';
export type { NewCloudOptions } from './simulated/cloud/new-cloud.ts';
export { DEFAULT_LIMITS, newCloud } from './simulated/cloud/new-cloud.ts';
export { GKE_STORAGE_CLASSES } from './simulated/cloud/storage-classes.ts';
export type { DirectOutcome, DirectWrites } from './simulated/twin/direct-writes.ts';
export { createDirectWrites, withPatch } from './simulated/twin/direct-writes.ts';
export { snapshotOf } from './simulated/simulated-reader.ts';
export { stateOf } from './simulated/twin/what-if/cluster-state.ts';
export type { Assumption } from './simulated/twin/assumptions.ts';
export type { Twin } from './simulated/twin/simulate.ts';
export { simulate } from './simulated/twin/simulate.ts';
export type { Difference, Differences } from './simulated/twin/differences.ts';
export { differencesOf } from './simulated/twin/differences.ts';
export type { ClusterState, WorkloadState } from './simulated/twin/what-if/cluster-state.ts';
export type { Happening } from './simulated/twin/what-if/happenings.ts';
export { CHANGE_FORMS, parseChange } from './simulated/twin/what-if/proposed-change.ts';
export type {
  TriedChange,
  WhatIf,
  WhatIfOptions,
  WhatIfRun,
  WorkloadEffect,
} from './simulated/twin/what-if/what-if.ts';
export { whatIf } from './simulated/twin/what-if/what-if.ts';
export type { BehaviourRow } from './simulated/kubelet/behaviour-table.ts';
export type { SimulationOptions } from './simulated/simulated-cluster.ts';
export { KUBERNETES_VERSION, SimulatedCluster } from './simulated/simulated-cluster.ts';
export { createSimulatedReader } from './simulated/simulated-reader.ts';
export { createSimulatedWriter } from './simulated/simulated-writer.ts';
export { SIMULATED_PLATFORM, SURROUNDINGS_PATH } from './simulated/http/surroundings-answer.ts';
export type { FurtherAnswer, Handler, HandlerOptions } from './simulated/http/handler.ts';
export { ADMINISTRATOR, createHandler } from './simulated/http/handler.ts';
export type { Random } from './simulated/clock/random.ts';
export { createRandom } from './simulated/clock/random.ts';
export { VirtualClock } from './simulated/clock/virtual-clock.ts';
