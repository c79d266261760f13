/** Fields of `io.k8s.api.core.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const CORE_V1 = `
AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID!:s
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AppArmorProfile localhostProfile:s type!:s
AttachedVolume devicePath!:s name!:s
AzureDiskVolumeSource cachingMode:s="ReadWrite" diskName!:s diskURI!:s fsType:s="ext4" kind:s="Shared" readOnly:b
AzureFilePersistentVolumeSource readOnly:b secretName!:s secretNamespace:s shareName!:s
AzureFileVolumeSource readOnly:b secretName!:s shareName!:s
Binding@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} target!:ObjectReference={}
CSIPersistentVolumeSource controllerExpandSecretRef:SecretReference controllerPublishSecretRef:SecretReference driver!:s fsType:s nodeExpandSecretRef:SecretReference nodePublishSecretRef:SecretReference nodeStageSecretRef:SecretReference readOnly:b volumeAttributes:{s} volumeHandle!:s
CSIVolumeSource driver!:s fsType:s nodePublishSecretRef:LocalObjectReference readOnly:b volumeAttributes:{s}
Capabilities add:[s]~atomic drop:[s]~atomic
CephFSPersistentVolumeSource monitors!:[s]~atomic path:s readOnly:b secretFile:s secretRef:SecretReference user:s
CephFSVolumeSource monitors!:[s]~atomic path:s readOnly:b secretFile:s secretRef:LocalObjectReference user:s
CinderPersistentVolumeSource fsType:s readOnly:b secretRef:SecretReference volumeID!:s
CinderVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeID!:s
ClientIPConfig timeoutSeconds:i
ClusterTrustBundleProjection labelSelector:meta-v1/LabelSelector name:s optional:b path!:s signerName:s
ComponentCondition error:s message:s status!:s type!:s
ComponentStatus@ apiVersion:s conditions:[ComponentCondition]~map(type)^merge(type) kind:s metadata:meta-v1/ObjectMeta={}
ConfigMap@ apiVersion:s binaryData:{y} data:{s} immutable:b kind:s metadata:meta-v1/ObjectMeta={}
ConfigMapEnvSource name:s optional:b
ConfigMapKeySelector~atomic key!:s name:s optional:b
ConfigMapNodeConfigSource kubeletConfigKey!:s name!:s namespace!:s resourceVersion:s uid:s
ConfigMapProjection items:[KeyToPath]~atomic name:s optional:b
ConfigMapVolumeSource defaultMode:i items:[KeyToPath]~atomic name:s optional:b
Container args:[s]~atomic command:[s]~atomic env:[EnvVar]~map(name)^merge(name) envFrom:[EnvFromSource]~atomic image:s imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe name!:s ports:[ContainerPort]~map(containerPort,protocol)^merge(containerPort) readinessProbe:Probe resizePolicy:[ContainerResizePolicy]~atomic resources:ResourceRequirements={} restartPolicy:s restartPolicyRules:[ContainerRestartRule]~atomic securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[VolumeDevice]~map(devicePath)^merge(devicePath) volumeMounts:[VolumeMount]~map(mountPath)^merge(mountPath) workingDir:s
ContainerExtendedResourceRequest containerName!:s requestName!:s resourceName!:s
ContainerImage names:[s]~atomic sizeBytes:l
ContainerPort containerPort!:i hostIP:s hostPort:i name:s protocol:s="TCP"
ContainerResizePolicy resourceName!:s restartPolicy!:s
ContainerRestartRule action!:s exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator!:s values:[i]~set
ContainerState running:ContainerStateRunning terminated:ContainerStateTerminated waiting:ContainerStateWaiting
ContainerStateRunning startedAt:meta-v1/Time
ContainerStateTerminated containerID:s exitCode!:i finishedAt:meta-v1/Time message:s reason:s signal:i startedAt:meta-v1/Time
ContainerStateWaiting message:s reason:s
ContainerStatus allocatedResources:{/Quantity} allocatedResourcesStatus:[ResourceStatus]~map(name)^merge(name) containerID:s image!:s imageID!:s lastState:ContainerState={} name!:s ready!:b resources:ResourceRequirements restartCount!:i started:b state:ContainerState={} stopSignal:s user:ContainerUser volumeMounts:[VolumeMountStatus]~map(mountPath)^merge(mountPath)
ContainerUser linux:LinuxContainerUser
DaemonEndpoint Port!:i
DownwardAPIProjection items:[DownwardAPIVolumeFile]~atomic
DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path!:s resourceFieldRef:ResourceFieldSelector
DownwardAPIVolumeSource defaultMode:i items:[DownwardAPIVolumeFile]~atomic
EmptyDirVolumeSource medium:s sizeLimit:/Quantity
EndpointAddress~atomic hostname:s ip!:s nodeName:s targetRef:ObjectReference
EndpointPort~atomic appProtocol:s name:s port!:i protocol:s
EndpointSubset addresses:[EndpointAddress]~atomic notReadyAddresses:[EndpointAddress]~atomic ports:[EndpointPort]~atomic
Endpoints@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} subsets:[EndpointSubset]~atomic
EnvFromSource configMapRef:ConfigMapEnvSource prefix:s secretRef:SecretEnvSource
EnvVar name!:s value:s valueFrom:EnvVarSource
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer args:[s]~atomic command:[s]~atomic env:[EnvVar]~map(name)^merge(name) envFrom:[EnvFromSource]~atomic image:s imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe name!:s ports:[ContainerPort]~map(containerPort,protocol)^merge(containerPort) readinessProbe:Probe resizePolicy:[ContainerResizePolicy]~atomic resources:ResourceRequirements={} restartPolicy:s restartPolicyRules:[ContainerRestartRule]~atomic securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[VolumeDevice]~map(devicePath)^merge(devicePath) volumeMounts:[VolumeMount]~map(mountPath)^merge(mountPath) workingDir:s
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
Event@ action:s apiVersion:s count:i eventTime:meta-v1/MicroTime firstTimestamp:meta-v1/Time involvedObject!:ObjectReference={} kind:s lastTimestamp:meta-v1/Time message:s metadata!:meta-v1/ObjectMeta={} reason:s related:ObjectReference reportingComponent:s reportingInstance:s series:EventSeries source:EventSource={} type:s
EventSeries count:i lastObservedTime:meta-v1/MicroTime
EventSource component:s host:s
ExecAction command:[s]~atomic
FCVolumeSource fsType:s lun:i readOnly:b targetWWNs:[s]~atomic wwids:[s]~atomic
FileKeySelector~atomic key!:s optional:b path!:s volumeName!:s
FlexPersistentVolumeSource driver!:s fsType:s options:{s} readOnly:b secretRef:SecretReference
FlexVolumeSource driver!:s fsType:s options:{s} readOnly:b secretRef:LocalObjectReference
FlockerVolumeSource datasetName:s datasetUUID:s
GCEPersistentDiskVolumeSource fsType:s partition:i pdName!:s readOnly:b
GRPCAction port!:i service:s
GitRepoVolumeSource directory:s repository!:s revision:s
GlusterfsPersistentVolumeSource endpoints!:s endpointsNamespace:s path!:s readOnly:b
GlusterfsVolumeSource endpoints!:s path!:s readOnly:b
HTTPGetAction host:s httpHeaders:[HTTPHeader]~atomic path:s port!:/IntOrString scheme:s
HTTPHeader name!:s value!:s
HostAlias hostnames:[s]~atomic ip!:s
HostIP ip!:s
HostPathVolumeSource path!:s type:s
ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn!:s iscsiInterface:s="default" lun!:i portals:[s]~atomic readOnly:b secretRef:SecretReference targetPortal!:s
ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn!:s iscsiInterface:s="default" lun!:i portals:[s]~atomic readOnly:b secretRef:LocalObjectReference targetPortal!:s
ImageVolumeSource pullPolicy:s reference:s
ImageVolumeStatus imageRef!:s
KeyToPath key!:s mode:i path!:s
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
LimitRange@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:LimitRangeSpec={}
LimitRangeItem default:{/Quantity} defaultRequest:{/Quantity} max:{/Quantity} maxLimitRequestRatio:{/Quantity} min:{/Quantity} type!:s
LimitRangeSpec limits!:[LimitRangeItem]~atomic
LinuxContainerUser gid!:l supplementalGroups:[l]~atomic uid!:l
LoadBalancerIngress hostname:s ip:s ipMode:s ports:[PortStatus]~atomic
LoadBalancerStatus ingress:[LoadBalancerIngress]~atomic
LocalObjectReference~atomic name:s
LocalVolumeSource fsType:s path!:s
ModifyVolumeStatus status!:s targetVolumeAttributesClassName:s
NFSVolumeSource path!:s readOnly:b server!:s
Namespace@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:NamespaceSpec={} status:NamespaceStatus={}
NamespaceCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
NamespaceSpec finalizers:[s]~atomic
NamespaceStatus conditions:[NamespaceCondition]~map(type)^merge(type) phase:s
Node@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:NodeSpec={} status:NodeStatus={}
NodeAddress address!:s type!:s
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]~atomic requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
NodeAllocatableResourceClaimStatus containers:[s]~set resourceClaimName!:s resources!:{/Quantity}
NodeCondition lastHeartbeatTime:meta-v1/Time lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
NodeConfigSource configMap:ConfigMapNodeConfigSource
NodeConfigStatus active:NodeConfigSource assigned:NodeConfigSource error:s lastKnownGood:NodeConfigSource
NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint={}
NodeFeatures supplementalGroupsPolicy:b
NodeRuntimeHandler features:NodeRuntimeHandlerFeatures name:s
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:b userNamespaces:b
NodeSelectorRequirement key!:s operator!:s values:[s]~atomic
NodeSelectorTerm~atomic matchExpressions:[NodeSelectorRequirement]~atomic matchFields:[NodeSelectorRequirement]~atomic
NodeSelector~atomic nodeSelectorTerms!:[NodeSelectorTerm]~atomic
NodeSpec configSource:NodeConfigSource externalID:s podCIDR:s podCIDRs:[s]~set^merge providerID:s taints:[Taint]~atomic unschedulable:b
NodeStatus addresses:[NodeAddress]~map(type)^merge(type) allocatable:{/Quantity} capacity:{/Quantity} conditions:[NodeCondition]~map(type)^merge(type) config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints={} declaredFeatures:[s]~atomic features:NodeFeatures images:[ContainerImage]~atomic nodeInfo:NodeSystemInfo={} phase:s runtimeHandlers:[NodeRuntimeHandler]~atomic volumesAttached:[AttachedVolume]~atomic volumesInUse:[s]~atomic
NodeSwapStatus capacity:l
NodeSystemInfo architecture!:s bootID!:s containerRuntimeVersion!:s kernelVersion!:s kubeProxyVersion!:s kubeletVersion!:s machineID!:s operatingSystem!:s osImage!:s swap:NodeSwapStatus systemUUID!:s
ObjectFieldSelector~atomic apiVersion:s fieldPath!:s
ObjectReference~atomic apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
PersistentVolume@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:PersistentVolumeSpec={} status:PersistentVolumeStatus={}
PersistentVolumeClaim@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:PersistentVolumeClaimSpec={} status:PersistentVolumeClaimStatus={}
PersistentVolumeClaimCondition lastProbeTime:meta-v1/Time lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
PersistentVolumeClaimSpec accessModes:[s]~atomic dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements={} selector:meta-v1/LabelSelector storageClassName:s volumeAttributesClassName:s volumeMode:s volumeName:s
PersistentVolumeClaimStatus accessModes:[s]~atomic allocatedResourceStatuses:{s}~granular allocatedResources:{/Quantity} capacity:{/Quantity} conditions:[PersistentVolumeClaimCondition]~map(type)^merge(type) currentVolumeAttributesClassName:s modifyVolumeStatus:ModifyVolumeStatus phase:s
PersistentVolumeClaimTemplate metadata:meta-v1/ObjectMeta={} spec!:PersistentVolumeClaimSpec={}
PersistentVolumeClaimVolumeSource claimName!:s readOnly:b
PersistentVolumeSpec accessModes:[s]~atomic awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource azureFile:AzureFilePersistentVolumeSource capacity:{/Quantity} cephfs:CephFSPersistentVolumeSource cinder:CinderPersistentVolumeSource claimRef:ObjectReference~granular csi:CSIPersistentVolumeSource fc:FCVolumeSource flexVolume:FlexPersistentVolumeSource flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource glusterfs:GlusterfsPersistentVolumeSource hostPath:HostPathVolumeSource iscsi:ISCSIPersistentVolumeSource local:LocalVolumeSource mountOptions:[s]~atomic nfs:NFSVolumeSource nodeAffinity:VolumeNodeAffinity persistentVolumeReclaimPolicy:s photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource quobyte:QuobyteVolumeSource rbd:RBDPersistentVolumeSource scaleIO:ScaleIOPersistentVolumeSource storageClassName:s storageos:StorageOSPersistentVolumeSource volumeAttributesClassName:s volumeMode:s vsphereVolume:VsphereVirtualDiskVolumeSource
PersistentVolumeStatus lastPhaseTransitionTime:meta-v1/Time message:s phase:s reason:s
PhotonPersistentDiskVolumeSource fsType:s pdID!:s
Pod@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:PodSpec={} status:PodStatus={}
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]~atomic requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]~atomic
PodAffinityTerm labelSelector:meta-v1/LabelSelector matchLabelKeys:[s]~atomic mismatchLabelKeys:[s]~atomic namespaceSelector:meta-v1/LabelSelector namespaces:[s]~atomic topologyKey!:s
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]~atomic requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]~atomic
PodCertificateProjection certificateChainPath:s credentialBundlePath:s keyPath:s keyType!:s maxExpirationSeconds:i signerName!:s userAnnotations:{s}
PodCondition lastProbeTime:meta-v1/Time lastTransitionTime:meta-v1/Time message:s observedGeneration:l reason:s status!:s type!:s
PodDNSConfig nameservers:[s]~atomic options:[PodDNSConfigOption]~atomic searches:[s]~atomic
PodDNSConfigOption name:s value:s
PodExtendedResourceClaimStatus requestMappings!:[ContainerExtendedResourceRequest]~atomic resourceClaimName!:s
PodIP ip!:s
PodOS name!:s
PodReadinessGate conditionType!:s
PodResourceClaim name!:s resourceClaimName:s resourceClaimTemplateName:s
PodResourceClaimStatus name!:s resourceClaimName:s
PodSchedulingGate name!:s
PodSchedulingGroup podGroupName:s
PodSecurityContext appArmorProfile:AppArmorProfile fsGroup:l fsGroupChangePolicy:s runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile supplementalGroups:[l]~atomic supplementalGroupsPolicy:s sysctls:[Sysctl]~atomic windowsOptions:WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:l affinity:Affinity automountServiceAccountToken:b containers!:[Container]~map(name)^merge(name) dnsConfig:PodDNSConfig dnsPolicy:s enableServiceLinks:b ephemeralContainers:[EphemeralContainer]~map(name)^merge(name) hostAliases:[HostAlias]~map(ip)^merge(ip) hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s imagePullSecrets:[LocalObjectReference]~map(name)^merge(name) initContainers:[Container]~map(name)^merge(name) nodeName:s nodeSelector:{s}~atomic os:PodOS overhead:{/Quantity} preemptionPolicy:s priority:i priorityClassName:s readinessGates:[PodReadinessGate]~atomic resourceClaims:[PodResourceClaim]~map(name)^merge,retainKeys(name) resources:ResourceRequirements restartPolicy:s runtimeClassName:s schedulerName:s schedulingGates:[PodSchedulingGate]~map(name)^merge(name) schedulingGroup:PodSchedulingGroup securityContext:PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[Toleration]~atomic topologySpreadConstraints:[TopologySpreadConstraint]~map(topologyKey,whenUnsatisfiable)^merge(topologyKey) volumes:[Volume]~map(name)^merge,retainKeys(name)
PodStatus allocatedResources:{/Quantity} conditions:[PodCondition]~map(type)^merge(type) containerStatuses:[ContainerStatus]~atomic ephemeralContainerStatuses:[ContainerStatus]~atomic extendedResourceClaimStatus:PodExtendedResourceClaimStatus hostIP:s hostIPs:[HostIP]~atomic^merge(ip) initContainerStatuses:[ContainerStatus]~atomic message:s nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus]~atomic nominatedNodeName:s observedGeneration:l phase:s podIP:s podIPs:[PodIP]~map(ip)^merge(ip) qosClass:s reason:s resize:s resourceClaimStatuses:[PodResourceClaimStatus]~map(name)^merge,retainKeys(name) resources:ResourceRequirements startTime:meta-v1/Time
PodTemplate@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} template:PodTemplateSpec={}
PodTemplateSpec metadata:meta-v1/ObjectMeta={} spec:PodSpec={}
PortStatus error:s port!:i protocol!:s
PortworxVolumeSource fsType:s readOnly:b volumeID!:s
PreferredSchedulingTerm preference!:NodeSelectorTerm={} weight!:i
Probe exec:ExecAction failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction terminationGracePeriodSeconds:l timeoutSeconds:i
ProjectedVolumeSource defaultMode:i sources:[VolumeProjection]~atomic
QuobyteVolumeSource group:s readOnly:b registry!:s tenant:s user:s volume!:s
RBDPersistentVolumeSource fsType:s image!:s keyring:s="/etc/ceph/keyring" monitors!:[s]~atomic pool:s="rbd" readOnly:b secretRef:SecretReference user:s="admin"
RBDVolumeSource fsType:s image!:s keyring:s="/etc/ceph/keyring" monitors!:[s]~atomic pool:s="rbd" readOnly:b secretRef:LocalObjectReference user:s="admin"
ReplicationController@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ReplicationControllerSpec={} status:ReplicationControllerStatus={}
ReplicationControllerCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
ReplicationControllerSpec minReadySeconds:i replicas:i=1 selector:{s}~atomic template:PodTemplateSpec
ReplicationControllerStatus availableReplicas:i conditions:[ReplicationControllerCondition]~map(type)^merge(type) fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas!:i
ResourceClaim name!:s request:s
ResourceFieldSelector~atomic containerName:s divisor:/Quantity resource!:s
ResourceHealth health:s message:s resourceID!:s
ResourceQuota@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ResourceQuotaSpec={} status:ResourceQuotaStatus={}
ResourceQuotaSpec hard:{/Quantity} scopeSelector:ScopeSelector scopes:[s]~atomic
ResourceQuotaStatus hard:{/Quantity} used:{/Quantity}
ResourceRequirements claims:[ResourceClaim]~map(name) limits:{/Quantity} requests:{/Quantity}
ResourceStatus name!:s resources:[ResourceHealth]~map(resourceID)
SELinuxOptions level:s role:s type:s user:s
ScaleIOPersistentVolumeSource fsType:s="xfs" gateway!:s protectionDomain:s readOnly:b secretRef!:SecretReference sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s system!:s volumeName:s
ScaleIOVolumeSource fsType:s="xfs" gateway!:s protectionDomain:s readOnly:b secretRef!:LocalObjectReference sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s system!:s volumeName:s
ScopeSelector~atomic matchExpressions:[ScopedResourceSelectorRequirement]~atomic
ScopedResourceSelectorRequirement operator!:s scopeName!:s values:[s]~atomic
SeccompProfile localhostProfile:s type!:s
Secret@ apiVersion:s data:{y} immutable:b kind:s metadata:meta-v1/ObjectMeta={} stringData:{s} type:s
SecretEnvSource name:s optional:b
SecretKeySelector~atomic key!:s name:s optional:b
SecretProjection items:[KeyToPath]~atomic name:s optional:b
SecretReference~atomic name:s namespace:s
SecretVolumeSource defaultMode:i items:[KeyToPath]~atomic optional:b secretName:s
SecurityContext allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile capabilities:Capabilities privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile windowsOptions:WindowsSecurityContextOptions
Service@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ServiceSpec={} status:ServiceStatus={}
ServiceAccount@ apiVersion:s automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference]~atomic kind:s metadata:meta-v1/ObjectMeta={} secrets:[ObjectReference]~map(name)^merge(name)
ServiceAccountTokenProjection audience:s expirationSeconds:l path!:s
ServicePort appProtocol:s name:s nodePort:i port!:i protocol:s="TCP" targetPort:/IntOrString
ServiceSpec allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s]~atomic externalIPs:[s]~atomic externalName:s externalTrafficPolicy:s healthCheckNodePort:i internalTrafficPolicy:s ipFamilies:[s]~atomic ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s]~atomic ports:[ServicePort]~map(port,protocol)^merge(port) publishNotReadyAddresses:b selector:{s}~atomic sessionAffinity:s sessionAffinityConfig:SessionAffinityConfig trafficDistribution:s type:s
ServiceStatus conditions:[meta-v1/Condition]~map(type)^merge(type) loadBalancer:LoadBalancerStatus={}
SessionAffinityConfig clientIP:ClientIPConfig
SleepAction seconds!:l
StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef:ObjectReference volumeName:s volumeNamespace:s
StorageOSVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeName:s volumeNamespace:s
Sysctl name!:s value!:s
TCPSocketAction host:s port!:/IntOrString
Taint effect!:s key!:s timeAdded:meta-v1/Time value:s
Toleration effect:s key:s operator:s tolerationSeconds:l value:s
TopologySelectorLabelRequirement key!:s values!:[s]~atomic
TopologySelectorTerm~atomic matchLabelExpressions:[TopologySelectorLabelRequirement]~atomic
TopologySpreadConstraint labelSelector:meta-v1/LabelSelector matchLabelKeys:[s]~atomic maxSkew!:i minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey!:s whenUnsatisfiable!:s
TypedLocalObjectReference~atomic apiGroup:s kind!:s name!:s
TypedObjectReference apiGroup:s kind!:s name!:s namespace:s
Volume awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource flexVolume:FlexVolumeSource flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource iscsi:ISCSIVolumeSource name!:s nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource
VolumeDevice devicePath!:s name!:s
VolumeMount mountPath!:s mountPropagation:s name!:s readOnly:b recursiveReadOnly:s subPath:s subPathExpr:s
VolumeMountStatus mountPath!:s name!:s readOnly:b recursiveReadOnly:s volumeStatus:VolumeStatus
VolumeNodeAffinity required:NodeSelector
VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection
VolumeResourceRequirements limits:{/Quantity} requests:{/Quantity}
VolumeStatus image:ImageVolumeStatus
VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath!:s
WeightedPodAffinityTerm podAffinityTerm!:PodAffinityTerm={} weight!:i
WindowsSecurityContextOptions gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s
`;
