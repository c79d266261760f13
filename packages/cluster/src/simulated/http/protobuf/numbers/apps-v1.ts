/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const APPS_V1_NUMBERS = `
ControllerRevision metadata data revision!
ControllerRevisionList metadata items!
DaemonSet metadata spec status
DaemonSetCondition type! status! lastTransitionTime reason message
DaemonSetList metadata items!
DaemonSetSpec selector! template! updateStrategy minReadySeconds 6=revisionHistoryLimit!
DaemonSetStatus currentNumberScheduled! numberMisscheduled! desiredNumberScheduled! numberReady! observedGeneration updatedNumberScheduled numberAvailable numberUnavailable collisionCount! conditions
DaemonSetUpdateStrategy type rollingUpdate!
Deployment metadata spec status
DeploymentCondition type! status! 4=reason message lastUpdateTime lastTransitionTime
DeploymentList metadata items!
DeploymentSpec replicas! selector! template! strategy minReadySeconds revisionHistoryLimit! paused 9=progressDeadlineSeconds!
DeploymentStatus observedGeneration replicas updatedReplicas availableReplicas unavailableReplicas conditions readyReplicas collisionCount! terminatingReplicas!
DeploymentStrategy type rollingUpdate!
ReplicaSet metadata spec status
ReplicaSetCondition type! status! lastTransitionTime reason message
ReplicaSetList metadata items!
ReplicaSetSpec replicas! selector! template minReadySeconds
ReplicaSetStatus replicas! fullyLabeledReplicas observedGeneration readyReplicas availableReplicas conditions terminatingReplicas!
RollingUpdateDaemonSet maxUnavailable! maxSurge!
RollingUpdateDeployment maxUnavailable! maxSurge!
RollingUpdateStatefulSetStrategy partition! maxUnavailable!
StatefulSet metadata spec status
StatefulSetCondition type! status! lastTransitionTime reason message
StatefulSetList metadata items!
StatefulSetOrdinals start!
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted whenScaled
StatefulSetSpec replicas! selector! template! volumeClaimTemplates serviceName! podManagementPolicy updateStrategy revisionHistoryLimit! minReadySeconds persistentVolumeClaimRetentionPolicy! ordinals!
StatefulSetStatus observedGeneration replicas! readyReplicas currentReplicas updatedReplicas currentRevision updateRevision 9=collisionCount! conditions availableReplicas!
StatefulSetUpdateStrategy type rollingUpdate!
`;
