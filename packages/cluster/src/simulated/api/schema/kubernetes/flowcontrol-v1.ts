/** Fields of `io.k8s.api.flowcontrol.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const FLOWCONTROL_V1 = `
ExemptPriorityLevelConfiguration lendablePercent:i nominalConcurrencyShares:i
FlowDistinguisherMethod type!:s
FlowSchema@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:FlowSchemaSpec={} status:FlowSchemaStatus={}
FlowSchemaCondition lastTransitionTime:meta-v1/Time message:s reason:s status:s type:s
FlowSchemaSpec distinguisherMethod:FlowDistinguisherMethod matchingPrecedence:i priorityLevelConfiguration!:PriorityLevelConfigurationReference={} rules:[PolicyRulesWithSubjects]~atomic
FlowSchemaStatus conditions:[FlowSchemaCondition]~map(type)^merge(type)
GroupSubject name!:s
LimitResponse queuing:QueuingConfiguration type!:s
LimitedPriorityLevelConfiguration borrowingLimitPercent:i lendablePercent:i limitResponse:LimitResponse={} nominalConcurrencyShares:i
NonResourcePolicyRule nonResourceURLs!:[s]~set verbs!:[s]~set
PolicyRulesWithSubjects nonResourceRules:[NonResourcePolicyRule]~atomic resourceRules:[ResourcePolicyRule]~atomic subjects!:[Subject]~atomic
PriorityLevelConfiguration@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:PriorityLevelConfigurationSpec={} status:PriorityLevelConfigurationStatus={}
PriorityLevelConfigurationCondition lastTransitionTime:meta-v1/Time message:s reason:s status:s type:s
PriorityLevelConfigurationReference name!:s
PriorityLevelConfigurationSpec exempt:ExemptPriorityLevelConfiguration limited:LimitedPriorityLevelConfiguration type!:s
PriorityLevelConfigurationStatus conditions:[PriorityLevelConfigurationCondition]~map(type)^merge(type)
QueuingConfiguration handSize:i queueLengthLimit:i queues:i
ResourcePolicyRule apiGroups!:[s]~set clusterScope:b namespaces:[s]~set resources!:[s]~set verbs!:[s]~set
ServiceAccountSubject name!:s namespace!:s
Subject group:GroupSubject kind!:s serviceAccount:ServiceAccountSubject user:UserSubject
UserSubject name!:s
`;
