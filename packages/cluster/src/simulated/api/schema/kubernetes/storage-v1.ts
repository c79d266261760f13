/** Fields of `io.k8s.api.storage.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const STORAGE_V1 = `
CSIDriver@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:CSIDriverSpec={}
CSIDriverSpec attachRequired:b fsGroupPolicy:s nodeAllocatableUpdatePeriodSeconds:l podInfoOnMount:b preventPodSchedulingIfMissing:b requiresRepublish:b seLinuxMount:b serviceAccountTokenInSecrets:b storageCapacity:b tokenRequests:[TokenRequest]~atomic volumeLifecycleModes:[s]~set
CSINode@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:CSINodeSpec={}
CSINodeDriver allocatable:VolumeNodeResources name!:s nodeID!:s topologyKeys:[s]~atomic
CSINodeSpec drivers!:[CSINodeDriver]~map(name)^merge(name)
CSIStorageCapacity@ apiVersion:s capacity:/Quantity kind:s maximumVolumeSize:/Quantity metadata:meta-v1/ObjectMeta={} nodeTopology:meta-v1/LabelSelector storageClassName!:s
StorageClass@ allowVolumeExpansion:b allowedTopologies:[core-v1/TopologySelectorTerm]~atomic apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} mountOptions:[s]~atomic parameters:{s} provisioner!:s reclaimPolicy:s volumeBindingMode:s
TokenRequest audience!:s expirationSeconds:l
VolumeAttachment@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:VolumeAttachmentSpec={} status:VolumeAttachmentStatus={}
VolumeAttachmentSource inlineVolumeSpec:core-v1/PersistentVolumeSpec persistentVolumeName:s
VolumeAttachmentSpec attacher!:s nodeName!:s source!:VolumeAttachmentSource={}
VolumeAttachmentStatus attachError:VolumeError attached!:b attachmentMetadata:{s} detachError:VolumeError
VolumeAttributesClass@ apiVersion:s driverName!:s kind:s metadata:meta-v1/ObjectMeta={} parameters:{s}
VolumeError errorCode:i message:s time:meta-v1/Time
VolumeNodeResources count:i
`;
