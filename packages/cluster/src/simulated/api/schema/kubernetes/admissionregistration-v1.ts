/** Fields of `io.k8s.api.admissionregistration.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const ADMISSIONREGISTRATION_V1 = `
ApplyConfiguration expression:s
AuditAnnotation key!:s valueExpression!:s
ExpressionWarning fieldRef!:s warning!:s
JSONPatch expression:s
MatchCondition expression!:s name!:s
MatchResources~atomic excludeResourceRules:[NamedRuleWithOperations]~atomic matchPolicy:s namespaceSelector:meta-v1/LabelSelector objectSelector:meta-v1/LabelSelector resourceRules:[NamedRuleWithOperations]~atomic
MutatingAdmissionPolicy@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:MutatingAdmissionPolicySpec={}
MutatingAdmissionPolicyBinding@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:MutatingAdmissionPolicyBindingSpec={}
MutatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName:s
MutatingAdmissionPolicySpec failurePolicy:s matchConditions:[MatchCondition]~map(name)^merge(name) matchConstraints:MatchResources mutations:[Mutation]~atomic paramKind:ParamKind reinvocationPolicy:s variables:[Variable]~atomic
MutatingWebhook admissionReviewVersions!:[s]~atomic clientConfig!:WebhookClientConfig={} failurePolicy:s matchConditions:[MatchCondition]~map(name)^merge(name) matchPolicy:s name!:s namespaceSelector:meta-v1/LabelSelector objectSelector:meta-v1/LabelSelector reinvocationPolicy:s rules:[RuleWithOperations]~atomic sideEffects!:s timeoutSeconds:i
MutatingWebhookConfiguration@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} webhooks:[MutatingWebhook]~map(name)^merge(name)
Mutation applyConfiguration:ApplyConfiguration jsonPatch:JSONPatch patchType!:s
NamedRuleWithOperations~atomic apiGroups:[s]~atomic apiVersions:[s]~atomic operations:[s]~atomic resourceNames:[s]~atomic resources:[s]~atomic scope:s
ParamKind~atomic apiVersion:s kind:s
ParamRef~atomic name:s namespace:s parameterNotFoundAction:s selector:meta-v1/LabelSelector
RuleWithOperations apiGroups:[s]~atomic apiVersions:[s]~atomic operations:[s]~atomic resources:[s]~atomic scope:s
ServiceReference name!:s namespace!:s path:s port:i
TypeChecking expressionWarnings:[ExpressionWarning]~atomic
ValidatingAdmissionPolicy@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ValidatingAdmissionPolicySpec={} status:ValidatingAdmissionPolicyStatus={}
ValidatingAdmissionPolicyBinding@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:ValidatingAdmissionPolicyBindingSpec={}
ValidatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName!:s validationActions!:[s]~set
ValidatingAdmissionPolicySpec auditAnnotations:[AuditAnnotation]~atomic failurePolicy:s matchConditions:[MatchCondition]~map(name)^merge(name) matchConstraints:MatchResources paramKind:ParamKind validations:[Validation]~atomic variables:[Variable]~map(name)^merge(name)
ValidatingAdmissionPolicyStatus conditions:[meta-v1/Condition]~map(type) observedGeneration:l typeChecking:TypeChecking
ValidatingWebhook admissionReviewVersions!:[s]~atomic clientConfig!:WebhookClientConfig={} failurePolicy:s matchConditions:[MatchCondition]~map(name)^merge(name) matchPolicy:s name!:s namespaceSelector:meta-v1/LabelSelector objectSelector:meta-v1/LabelSelector rules:[RuleWithOperations]~atomic sideEffects!:s timeoutSeconds:i
ValidatingWebhookConfiguration@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} webhooks:[ValidatingWebhook]~map(name)^merge(name)
Validation expression!:s message:s messageExpression:s reason:s
Variable~atomic expression!:s name!:s
WebhookClientConfig caBundle:y service:ServiceReference url:s
`;
