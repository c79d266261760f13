/** Fields of `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const APIREGISTRATION_V1 = `
APIService@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:APIServiceSpec={} status:APIServiceStatus={}
APIServiceCondition lastTransitionTime:meta-v1/Time message:s reason:s status!:s type!:s
APIServiceSpec caBundle:y~atomic group:s groupPriorityMinimum!:i insecureSkipTLSVerify:b service:ServiceReference version:s versionPriority!:i
APIServiceStatus conditions:[APIServiceCondition]~map(type)^merge(type)
ServiceReference name:s namespace:s port:i
`;
