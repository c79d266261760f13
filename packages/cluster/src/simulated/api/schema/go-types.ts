/** Names of Go's types, as messages of the decoder show them. */
import { isFields, isList } from '../patch/json.ts';
import type { ScalarName, StructSchema, TypeSchema } from './field-schema.ts';

const SCALARS: Readonly<Record<ScalarName, string>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  boolean: 'bool',
  bytes: '[]uint8',
  time: 'v1.Time',
  'micro-time': 'v1.MicroTime',
  duration: 'v1.Duration',
  quantity: 'resource.Quantity',
  'int-or-string': 'intstr.IntOrString',
};

/** `PodSpec` of `io.k8s.api.core.v1.PodSpec`. */
export function structText({ name }: StructSchema): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** `[]v1.Container`, `map[string]string`. */
function typeText(type: TypeSchema): string {
  switch (type.is) {
    case 'scalar':
      return SCALARS[type.scalar];
    case 'list':
      return `[]${typeText(type.items)}`;
    case 'map':
      return type.values.is === 'scalar' && type.values.scalar === 'quantity'
        ? 'v1.ResourceList'
        : `map[string]${typeText(type.values)}`;
    case 'struct':
      return type.name.split('.').slice(-2).join('.');
    case 'any':
      return 'interface {}';
  }
}

/** Fields whose texts have a type of their own, by that type; lists of such texts as well. Source: `k8s.io/api`. */
const NAMED_TYPES: Readonly<Record<string, string>> = {
  'types.UID':
    'ConfigMapNodeConfigSource.uid ObjectMeta.uid ObjectReference.uid OwnerReference.uid Preconditions.uid UncountedTerminatedPods.failed UncountedTerminatedPods.succeeded',
  'v1.AddressType': 'EndpointSlice.addressType',
  'v1.AppArmorProfileType': 'AppArmorProfile.type',
  'v1.AzureDataDiskCachingMode': 'AzureDiskVolumeSource.cachingMode',
  'v1.AzureDataDiskKind': 'AzureDiskVolumeSource.kind',
  'v1.Capability': 'Capabilities.add Capabilities.drop',
  'v1.CompletionMode': 'JobSpec.completionMode',
  'v1.ConcurrencyPolicy': 'CronJobSpec.concurrencyPolicy',
  'v1.ContainerRestartPolicy': 'Container.restartPolicy',
  'v1.ContainerRestartRuleAction': 'ContainerRestartRule.action',
  'v1.ContainerRestartRuleOnExitCodesOperator': 'ContainerRestartRuleOnExitCodes.operator',
  'v1.CoordinatedLeaseStrategy': 'LeaseSpec.strategy',
  'v1.DNSPolicy': 'PodSpec.dnsPolicy',
  'v1.DaemonSetUpdateStrategyType': 'DaemonSetUpdateStrategy.type',
  'v1.DeletionPropagation': 'DeleteOptions.propagationPolicy',
  'v1.DeploymentStrategyType': 'DeploymentStrategy.type',
  'v1.FSGroupPolicy': 'CSIDriverSpec.fsGroupPolicy',
  'v1.FailurePolicyType':
    'MutatingAdmissionPolicySpec.failurePolicy MutatingWebhook.failurePolicy ValidatingAdmissionPolicySpec.failurePolicy ValidatingWebhook.failurePolicy',
  'v1.FieldSelectorOperator': 'FieldSelectorRequirement.operator',
  'v1.FinalizerName': 'NamespaceSpec.finalizers',
  'v1.HostPathType': 'HostPathVolumeSource.type',
  'v1.IPFamily': 'ServiceSpec.ipFamilies',
  'v1.IPFamilyPolicy': 'ServiceSpec.ipFamilyPolicy',
  'v1.KeyUsage': 'CertificateSigningRequestSpec.usages',
  'v1.LabelSelectorOperator': 'LabelSelectorRequirement.operator',
  'v1.LimitType': 'LimitRangeItem.type',
  'v1.LoadBalancerIPMode': 'LoadBalancerIngress.ipMode',
  'v1.MatchPolicyType': 'MatchResources.matchPolicy MutatingWebhook.matchPolicy ValidatingWebhook.matchPolicy',
  'v1.MountPropagationMode': 'VolumeMount.mountPropagation',
  'v1.NodeAddressType': 'NodeAddress.type',
  'v1.NodeInclusionPolicy': 'TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy',
  'v1.NodeSelectorOperator': 'NodeSelectorRequirement.operator',
  'v1.OSName': 'PodOS.name',
  'v1.OperationType': 'RuleWithOperations.operations',
  'v1.ParameterNotFoundActionType': 'ParamRef.parameterNotFoundAction',
  'v1.PatchType': 'Mutation.patchType',
  'v1.PathType': 'HTTPIngressPath.pathType',
  'v1.PersistentVolumeAccessMode': 'PersistentVolumeClaimSpec.accessModes PersistentVolumeSpec.accessModes',
  'v1.PersistentVolumeClaimRetentionPolicyType':
    'StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled',
  'v1.PersistentVolumeMode': 'PersistentVolumeClaimSpec.volumeMode PersistentVolumeSpec.volumeMode',
  'v1.PersistentVolumeReclaimPolicy': 'PersistentVolumeSpec.persistentVolumeReclaimPolicy StorageClass.reclaimPolicy',
  'v1.PodConditionType': 'PodReadinessGate.conditionType',
  'v1.PodFSGroupChangePolicy': 'PodSecurityContext.fsGroupChangePolicy',
  'v1.PodFailurePolicyAction': 'PodFailurePolicyRule.action',
  'v1.PodFailurePolicyOnExitCodesOperator': 'PodFailurePolicyOnExitCodesRequirement.operator',
  'v1.PodManagementPolicyType': 'StatefulSetSpec.podManagementPolicy',
  'v1.PodReplacementPolicy': 'JobSpec.podReplacementPolicy',
  'v1.PodSELinuxChangePolicy': 'PodSecurityContext.seLinuxChangePolicy',
  'v1.PolicyType': 'NetworkPolicySpec.policyTypes',
  'v1.PreemptionPolicy': 'PodSpec.preemptionPolicy',
  'v1.ProcMountType': 'SecurityContext.procMount',
  'v1.Protocol': 'ContainerPort.protocol EndpointPort.protocol NetworkPolicyPort.protocol ServicePort.protocol',
  'v1.PullPolicy': 'Container.imagePullPolicy EphemeralContainer.imagePullPolicy ImageVolumeSource.pullPolicy',
  'v1.RecursiveReadOnlyMode': 'VolumeMount.recursiveReadOnly',
  'v1.ReinvocationPolicyType': 'MutatingAdmissionPolicySpec.reinvocationPolicy MutatingWebhook.reinvocationPolicy',
  'v1.ResourceHealthStatus': 'ResourceHealth.health',
  'v1.ResourceID': 'ResourceHealth.resourceID',
  'v1.ResourceName': 'ContainerResizePolicy.resourceName ContainerResourceMetricSource.name ResourceMetricSource.name',
  'v1.ResourceQuotaScope': 'ResourceQuotaSpec.scopes ScopedResourceSelectorRequirement.scopeName',
  'v1.ResourceResizeRestartPolicy': 'ContainerResizePolicy.restartPolicy',
  'v1.RestartPolicy': 'PodSpec.restartPolicy',
  'v1.ScopeSelectorOperator': 'ScopedResourceSelectorRequirement.operator',
  'v1.ScopeType': 'Rule.scope',
  'v1.SeccompProfileType': 'SeccompProfile.type',
  'v1.SecretType': 'Secret.type',
  'v1.ServiceAffinity': 'ServiceSpec.sessionAffinity',
  'v1.ServiceExternalTrafficPolicy': 'ServiceSpec.externalTrafficPolicy',
  'v1.ServiceInternalTrafficPolicy': 'ServiceSpec.internalTrafficPolicy',
  'v1.ServiceType': 'ServiceSpec.type',
  'v1.SideEffectClass': 'MutatingWebhook.sideEffects ValidatingWebhook.sideEffects',
  'v1.Signal': 'Lifecycle.stopSignal',
  'v1.StatefulSetUpdateStrategyType': 'StatefulSetUpdateStrategy.type',
  'v1.StorageMedium': 'EmptyDirVolumeSource.medium',
  'v1.SupplementalGroupsPolicy': 'PodSecurityContext.supplementalGroupsPolicy',
  'v1.TaintEffect': 'Taint.effect Toleration.effect',
  'v1.TerminationMessagePolicy': 'Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy',
  'v1.TolerationOperator': 'Toleration.operator',
  'v1.URIScheme': 'HTTPGetAction.scheme',
  'v1.UnhealthyPodEvictionPolicyType': 'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy',
  'v1.UniqueVolumeName': 'AttachedVolume.name',
  'v1.UnsatisfiableConstraintAction': 'TopologySpreadConstraint.whenUnsatisfiable',
  'v1.ValidationAction': 'ValidatingAdmissionPolicyBindingSpec.validationActions',
  'v1.VolumeBindingMode': 'StorageClass.volumeBindingMode',
  'v1.VolumeLifecycleMode': 'CSIDriverSpec.volumeLifecycleModes',
  'v2.HPAScalingPolicyType': 'HPAScalingPolicy.type',
  'v2.MetricSourceType': 'MetricSpec.type',
  'v2.MetricTargetType': 'MetricTarget.type',
  'v2.ScalingPolicySelect': 'HPAScalingRules.selectPolicy',
};

const namedTypes = new Map(
  Object.entries(NAMED_TYPES).flatMap(([type, fields]) => fields.split(' ').map((field) => [field, type] as const)),
);

/** The type of a field, or of what its map or list holds. */
export function fieldTypeText(struct: StructSchema, field: string, type: TypeSchema): string {
  const named = namedTypes.get(`${structText(struct)}.${field}`);
  if (named === undefined) return typeText(type);
  if (type.is === 'scalar') return named;
  return type.is === 'list' ? `[]${named}` : typeText(type);
}

/** Structs that stand in others without a name of their own, and fields that are theirs, or that are not (`true`). Source: `k8s.io/api`. */
const EMBEDDED: Readonly<Record<string, readonly [name: string, fields: readonly string[], areOthers: boolean]>> = {
  ConfigMapEnvSource: ['LocalObjectReference', ['name'], false],
  ConfigMapKeySelector: ['LocalObjectReference', ['name'], false],
  ConfigMapProjection: ['LocalObjectReference', ['name'], false],
  ConfigMapVolumeSource: ['LocalObjectReference', ['name'], false],
  EphemeralContainer: ['EphemeralContainerCommon', ['targetContainerName'], true],
  IngressRule: ['IngressRuleValue', ['http'], false],
  PersistentVolumeSpec: [
    'PersistentVolumeSource',
    [
      'accessModes',
      'capacity',
      'claimRef',
      'mountOptions',
      'nodeAffinity',
      'persistentVolumeReclaimPolicy',
      'storageClassName',
      'volumeAttributesClassName',
      'volumeMode',
    ],
    true,
  ],
  Probe: ['ProbeHandler', ['exec', 'grpc', 'httpGet', 'tcpSocket'], false],
  RuleWithOperations: ['Rule', ['operations'], true],
  SecretEnvSource: ['LocalObjectReference', ['name'], false],
  SecretKeySelector: ['LocalObjectReference', ['name'], false],
  SecretProjection: ['LocalObjectReference', ['name'], false],
  Volume: ['VolumeSource', ['name'], true],
};

/** Steps of a path to a field: the name of the struct that it comes from, where that stands in another, and its own. */
export function fieldSteps(struct: StructSchema, field: string): readonly string[] {
  const [name, fields = [], areOthers] = EMBEDDED[structText(struct)] ?? [];
  return name === undefined || fields.includes(field) === areOthers ? [field] : [name, field];
}

/** Why a parsed value does not become one of a type. Source: `k8s.io/apimachinery/pkg/runtime/converter.go`. */
export function conversionProblem(value: unknown, type: TypeSchema, goType: string): string {
  const kind = goKind(value);
  if (type.is === 'struct') return `cannot restore struct from: ${kind}`;
  if (type.is === 'map') return `cannot restore map from ${kind}`;
  if (type.is === 'list') return `cannot restore slice from ${kind}`;
  const isConvertible =
    (kind === 'int64' && type.is === 'scalar' && type.scalar === 'string') ||
    (kind === 'float64' && goType.startsWith('int'));
  const plain = type.is === 'scalar' ? SCALARS[type.scalar] : goType;
  return isConvertible ? `cannot convert ${kind} to ${goType}` : `unrecognized type: ${plain}`;
}

function goKind(value: unknown): string {
  if (isList(value)) return 'slice';
  if (isFields(value)) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
