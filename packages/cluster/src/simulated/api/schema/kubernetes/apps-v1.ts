/** Fields of `io.k8s.api.apps.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const APPS_V1 = `
ControllerRevision@ apiVersion:s data:/RawExtension kind:s metadata:meta-v1/ObjectMeta={} revision!:l
DaemonSet@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:DaemonSetSpec={} status:DaemonSetStatus={}
DaemonSetCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
DaemonSetSpec minReadySeconds:i revisionHistoryLimit:i selector!:meta-v1/LabelSelector template!:core-v1/PodTemplateSpec={} updateStrategy:DaemonSetUpdateStrategy={}
DaemonSetStatus collisionCount:i conditions:[DaemonSetCondition]~map(type)^merge(type) currentNumberScheduled!:i desiredNumberScheduled!:i numberAvailable:i numberMisscheduled!:i numberReady!:i numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet type:s
Deployment@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:DeploymentSpec={} status:DeploymentStatus={}
DeploymentCondition lastTransitionTime:meta-v1/Time lastUpdateTime:meta-v1/Time message:s reason:s status!:s type!:s
DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i selector!:meta-v1/LabelSelector strategy:DeploymentStrategy^retainKeys={} template!:core-v1/PodTemplateSpec={}
DeploymentStatus availableReplicas:i collisionCount:i conditions:[DeploymentCondition]~map(type)^merge(type) observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:i unavailableReplicas:i updatedReplicas:i
DeploymentStrategy rollingUpdate:RollingUpdateDeployment type:s
ReplicaSet@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ReplicaSetSpec={} status:ReplicaSetStatus={}
ReplicaSetCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
ReplicaSetSpec minReadySeconds:i replicas:i selector!:meta-v1/LabelSelector template:core-v1/PodTemplateSpec={}
ReplicaSetStatus availableReplicas:i conditions:[ReplicaSetCondition]~map(type)^merge(type) fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas!:i terminatingReplicas:i
RollingUpdateDaemonSet maxSurge:/IntOrString maxUnavailable:/IntOrString
RollingUpdateDeployment maxSurge:/IntOrString maxUnavailable:/IntOrString
RollingUpdateStatefulSetStrategy maxUnavailable:/IntOrString partition:i
StatefulSet@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:StatefulSetSpec={} status:StatefulSetStatus={}
StatefulSetCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
StatefulSetOrdinals start:i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
StatefulSetSpec minReadySeconds:i ordinals:StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s replicas:i revisionHistoryLimit:i selector!:meta-v1/LabelSelector serviceName:s template!:core-v1/PodTemplateSpec={} updateStrategy:StatefulSetUpdateStrategy={} volumeClaimTemplates:[core-v1/PersistentVolumeClaim]~atomic
StatefulSetStatus availableReplicas:i collisionCount:i conditions:[StatefulSetCondition]~map(type)^merge(type) currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas!:i updateRevision:s updatedReplicas:i
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type:s
`;
