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
