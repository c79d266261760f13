/** Fields of `io.k8s.api.authorization.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const AUTHORIZATION_V1 = `
FieldSelectorAttributes rawSelector:s requirements:[meta-v1/FieldSelectorRequirement]~atomic
LabelSelectorAttributes rawSelector:s requirements:[meta-v1/LabelSelectorRequirement]~atomic
LocalSubjectAccessReview@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:SubjectAccessReviewSpec={} status:SubjectAccessReviewStatus={}
NonResourceAttributes path:s verb:s
NonResourceRule nonResourceURLs:[s]~atomic verbs!:[s]~atomic
ResourceAttributes fieldSelector:FieldSelectorAttributes group:s labelSelector:LabelSelectorAttributes name:s namespace:s resource:s subresource:s verb:s version:s
ResourceRule apiGroups:[s]~atomic resourceNames:[s]~atomic resources:[s]~atomic verbs!:[s]~atomic
SelfSubjectAccessReview@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:SelfSubjectAccessReviewSpec={} status:SubjectAccessReviewStatus={}
SelfSubjectAccessReviewSpec nonResourceAttributes:NonResourceAttributes resourceAttributes:ResourceAttributes
SelfSubjectRulesReview@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:SelfSubjectRulesReviewSpec={} status:SubjectRulesReviewStatus={}
SelfSubjectRulesReviewSpec namespace:s
SubjectAccessReview@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:SubjectAccessReviewSpec={} status:SubjectAccessReviewStatus={}
SubjectAccessReviewSpec extra:{[s]} groups:[s]~atomic nonResourceAttributes:NonResourceAttributes resourceAttributes:ResourceAttributes uid:s user:s
SubjectAccessReviewStatus allowed!:b denied:b evaluationError:s reason:s
SubjectRulesReviewStatus evaluationError:s incomplete!:b nonResourceRules!:[NonResourceRule]~atomic resourceRules!:[ResourceRule]~atomic
`;
