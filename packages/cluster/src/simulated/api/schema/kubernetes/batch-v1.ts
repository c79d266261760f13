/** Fields of `io.k8s.api.batch.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const BATCH_V1 = `
CronJob@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:CronJobSpec={} status:CronJobStatus={}
CronJobSpec concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate!:JobTemplateSpec={} schedule!:s startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s
CronJobStatus active:[core-v1/ObjectReference]~atomic lastScheduleTime:meta-v1/Time lastSuccessfulTime:meta-v1/Time
Job@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:JobSpec={} status:JobStatus={}
JobCondition lastProbeTime:meta-v1/Time lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
JobSpec activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i completionMode:s completions:i managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:PodFailurePolicy podReplacementPolicy:s selector:meta-v1/LabelSelector successPolicy:SuccessPolicy suspend:b template!:core-v1/PodTemplateSpec={} ttlSecondsAfterFinished:i
JobStatus active:i completedIndexes:s completionTime:meta-v1/Time conditions:[JobCondition]~atomic^merge(type) failed:i failedIndexes:s ready:i startTime:meta-v1/Time succeeded:i terminating:i uncountedTerminatedPods:UncountedTerminatedPods
JobTemplateSpec metadata:meta-v1/ObjectMeta={} spec:JobSpec={}
PodFailurePolicy rules!:[PodFailurePolicyRule]~atomic
PodFailurePolicyOnExitCodesRequirement containerName:s operator!:s values!:[i]~set
PodFailurePolicyOnPodConditionsPattern status:s type!:s
PodFailurePolicyRule action!:s onExitCodes:PodFailurePolicyOnExitCodesRequirement onPodConditions:[PodFailurePolicyOnPodConditionsPattern]~atomic
SuccessPolicy rules!:[SuccessPolicyRule]~atomic
SuccessPolicyRule succeededCount:i succeededIndexes:s
UncountedTerminatedPods failed:[s]~set succeeded:[s]~set
`;
