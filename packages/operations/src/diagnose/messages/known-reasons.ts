/**
 * Reasons of events that say everything by themselves: no parser needs their text. By the component that writes them.
 * Sources: `pkg/kubelet/events`, the controllers of Kubernetes 1.14–1.36, cluster autoscaler, ingress-gce, node-problem-detector.
 */

const BY_KIND: Readonly<Record<string, string>> = {
  scheduler: `
    Scheduled Preempted SchedulingGated Nominated SchedulerError`,
  container: `
    Created Started Killing Pulling Pulled ExceededGracePeriod BackOff FailedPreStopHook FailedPostStartHook
    ResizeDeferred ResizeInfeasible ResizeCompleted ResizeStarted ResizeError ContainerStatusUnknown OOMKilling
    FailedToRetrieveImagePullSecret ErrImageNeverPull FailedNodeDeclaredFeaturesCheck FailedSync FailedCreatePodContainer`,
  kubelet: `
    Starting KubeletSetupFailed NodeAllocatableEnforced FailedNodeAllocatableEnforcement NodeHasSufficientMemory
    NodeHasInsufficientMemory NodeHasNoDiskPressure NodeHasDiskPressure NodeHasSufficientPID
    NodeHasInsufficientPID NodeReady NodeNotReady NodeSchedulable NodeNotSchedulable Rebooted Shutdown SystemOOM
    ContainerGCFailed ImageGCFailed FreeDiskSpaceFailed InvalidDiskCapacity CgroupV1 InvalidImageID
    MissingClusterDNS DNSConfigForming SandboxChanged PossibleMemoryBackedVolumesOnDisk FailedValidation
    EvictionThresholdMet FailedPrepareDynamicResources CheckLimitsForResolvConf`,
  volume: `
    SuccessfulAttachVolume SuccessfulMountVolume AlreadyMountedVolume VolumeResizeSuccessful
    FileSystemResizeFailed FileSystemResizeSuccessful FileSystemResizeRequired VolumePermissionChangeInProgress
    VolumeConditionAbnormal Resizing ExternalExpanding ExternalProvisioning Provisioning ProvisioningSucceeded
    ProvisioningIgnoreAlreadyBound VolumeDelete WaitForFirstConsumer WaitForPodScheduled FailedDetachVolume
    FailedUnMount FailedMountOnFilesystemMismatch VolumeRecycled VolumeModifySuccessful RecyclerPod`,
  node: `
    RegisteredNode RemovingNode DeletingNode DeletingAllPods TerminatingEvictedPod NodeControllerEviction
    CIDRNotAvailable CIDRAssignmentFailed TaintManagerEviction Synced FailedToCreateRoute Uncordon Cordon Drain
      NodeShutdown
    OwnerRefInvalidNamespace`,
  'node-problem': `
    TaskHung KernelOops UnregisterNetDevice AUFSUmountHung DockerHung FilesystemIsReadOnly ReadonlyFilesystem
    Ext4Error Ext4Warning IOError MemoryReadError CorruptDockerImage CorruptDockerOverlay2 DockerStart
    ContainerdStart KubeletStart FrequentKubeletRestart FrequentContainerdRestart FrequentDockerRestart
    FrequentUnregisterNetDevice KernelDeadlock NodeSysctlChange DockerUnhealthy KubeletUnhealthy
    ContainerdUnhealthy ConntrackFull NTPIsDown PreemptScheduled ScheduledMaintenance FreezeScheduled
    RebootScheduled RedeployScheduled TerminateScheduled VMEventScheduled FilesystemCorruptionProblem`,
  workload: `
    SuccessfulCreate SuccessfulDelete FailedDelete ScalingReplicaSet ReplicaSetCreateError SelectingAll
    FailedDaemonPod FailedPlacement SucceededDaemonPod DeploymentRollbackRevisionNotFound DeploymentRollback
    DeploymentPaused DeploymentResumed RecreatingFailedPod RecreatingTerminatedPod SuccessfulUpdate
    FailedUpdate ProgressDeadlineExceeded MinimumReplicasUnavailable`,
  job: `
    Completed BackoffLimitExceeded DeadlineExceeded PodFailurePolicy MaxFailedIndexesExceeded FailedIndexes
    Suspended Resumed TooManyActivePods TooManySucceededPods SawCompletedJob SawActiveJob MissingJob
    UnexpectedJob MissSchedule TooManyMissedTimes UnparseableSchedule InvalidSchedule UnknownTimeZone
    JobAlreadyActive UnsupportedSchedule FailedNeedsStart SuccessPolicy`,
  disruption: `
    NoPods CalculateExpectedPodCountFailed UnmanagedPods MultiplePodDisruptionBudgets NoControllers
    DisruptionBlocked`,
  autoscaling: `
    SuccessfulRescale FailedRescale FailedGetScale FailedUpdateStatus FailedConvertHPA DesiredReplicasComputed
    FailedComputeMetricsReplicas FailedGetResourceMetric FailedGetContainerResourceMetric FailedGetPodsMetric
    FailedGetObjectMetric FailedGetExternalMetric InvalidMetricSourceType InvalidSelector AmbiguousSelector
    SelectorRequired EvictedByVPA InPlaceResizedByVPA`,
  'node-autoscaling': `
    ScaledUpGroup ScaleDown ScaleDownEmpty ScaleDownFailed DeleteUnregistered DeleteUnregisteredFailed
    FixNodeGroupSizeDone FixNodeGroupSizeFailed FailedToRevertScaleUp GracefulDegradationStarted
    GracefulDegradationEnded CreatedNodeGroup FailedToDeleteNodeGroup DeletedNodeGroup Unconsolidatable
    DisruptionLaunching DisruptionWaitingReadiness DisruptionTerminating ConsolidationCandidate
    ConsolidationRejected ConsolidationApproved FailedDraining`,
  'load-balancing': `
    EnsuringLoadBalancer EnsuredLoadBalancer CreatingLoadBalancer CreatedLoadBalancer UpdatingLoadBalancer
    UpdatedLoadBalancer DeletingLoadBalancer DeletedLoadBalancer CleaningUpLoadBalancer
    SyncLoadBalancerSuccessful LoadbalancerIP ExternalIP ExternalTrafficPolicy LoadBalancerSourceRanges Type
    IPChanged GarbageCollection XPN WillNotConfigureFrontend THCAnnotationWithoutFlag Create Attach Detach
    Delete ADD UPDATE DELETE CREATE EnterDegradedMode LabelsExceededLimit UnexpectedlyRemovedFinalizer
    ILBOptionsIgnored AppProtocol LoadBalancerClass IPAllocated SuccessfullyReconciled nodeAssigned`,
  service: `
    ClusterIPNotAllocated ClusterIPAlreadyAllocated ClusterIPOutOfRange ClusterIPNotValid IPAddressNotAllocated
    IPAddressWrongReference ServiceCIDRFull PortNotAllocated PortAlreadyAllocated PortOutOfRange PortRangeFull
    FailedToCreateEndpoint FailedToUpdateEndpoint FailedToUpdateEndpointSlices FailedToListEndpoints
    TopologyAwareHintsDisabled TopologyAwareHintsEnabled
    TopologyAwareRoutingDisabled TopologyAwareRoutingEnabled TopologyAwareConfigDisabled`,
  certificate: `
    Issuing Requested Generated Reused IssuerNotFound PresentError CertificateIssued OrderCreated OrderFailed
    Presented DomainVerified`,
  control: `
    LeaderElection KubeAPIReadyz TerminationStart InvalidRBAC`,
};

const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_KIND).flatMap(([kind, reasons]) =>
    reasons
      .trim()
      .split(/\s+/)
      .map((reason) => [reason, kind] as const),
  ),
);

/** The kind of a reason that needs no text; `undefined` for reasons whose text counts and for unknown ones. */
export function knownReasonKind(reason: string): string | undefined {
  return KINDS.get(reason);
}
