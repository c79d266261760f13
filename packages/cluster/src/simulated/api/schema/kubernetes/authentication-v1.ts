/** Fields of `io.k8s.api.authentication.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const AUTHENTICATION_V1 = `
BoundObjectReference apiVersion:s kind:s name:s uid:s
SelfSubjectReview@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} status:SelfSubjectReviewStatus={}
SelfSubjectReviewStatus userInfo:UserInfo={}
TokenRequest@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:TokenRequestSpec={} status:TokenRequestStatus={}
TokenRequestSpec audiences:[s]~atomic boundObjectRef:BoundObjectReference expirationSeconds:l
TokenRequestStatus expirationTimestamp:meta-v1/Time token:s
TokenReview@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:TokenReviewSpec={} status:TokenReviewStatus={}
TokenReviewSpec audiences:[s]~atomic token!:s
TokenReviewStatus audiences:[s]~atomic authenticated:b error:s user:UserInfo={}
UserInfo extra:{[s]} groups:[s]~atomic uid:s username:s
`;
