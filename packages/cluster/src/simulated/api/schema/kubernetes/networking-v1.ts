/** Fields of `io.k8s.api.networking.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const NETWORKING_V1 = `
HTTPIngressPath backend!:IngressBackend={} path:s pathType!:s
HTTPIngressRuleValue paths!:[HTTPIngressPath]~atomic
IPAddress@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:IPAddressSpec={}
IPAddressSpec parentRef!:ParentReference
IPBlock cidr!:s except:[s]~atomic
Ingress@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:IngressSpec={} status:IngressStatus={}
IngressBackend resource:core-v1/TypedLocalObjectReference service:IngressServiceBackend
IngressClass@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:IngressClassSpec={}
IngressClassParametersReference apiGroup:s kind!:s name!:s namespace:s scope:s
IngressClassSpec controller:s parameters:IngressClassParametersReference
IngressLoadBalancerIngress hostname:s ip:s ports:[IngressPortStatus]~atomic
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress]~atomic
IngressPortStatus error:s port!:i protocol!:s
IngressRule host:s http:HTTPIngressRuleValue
IngressServiceBackend name!:s port:ServiceBackendPort={}
IngressSpec defaultBackend:IngressBackend ingressClassName:s rules:[IngressRule]~atomic tls:[IngressTLS]~atomic
IngressStatus loadBalancer:IngressLoadBalancerStatus={}
IngressTLS hosts:[s]~atomic secretName:s
NetworkPolicy@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:NetworkPolicySpec={}
NetworkPolicyEgressRule ports:[NetworkPolicyPort]~atomic to:[NetworkPolicyPeer]~atomic
NetworkPolicyIngressRule from:[NetworkPolicyPeer]~atomic ports:[NetworkPolicyPort]~atomic
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:meta-v1/LabelSelector podSelector:meta-v1/LabelSelector
NetworkPolicyPort endPort:i port:/IntOrString protocol:s
NetworkPolicySpec egress:[NetworkPolicyEgressRule]~atomic ingress:[NetworkPolicyIngressRule]~atomic podSelector:meta-v1/LabelSelector={} policyTypes:[s]~atomic
ParentReference group:s name!:s namespace:s resource!:s
ServiceBackendPort~atomic name:s number:i
ServiceCIDR@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec:ServiceCIDRSpec={} status:ServiceCIDRStatus={}
ServiceCIDRSpec cidrs:[s]~atomic
ServiceCIDRStatus conditions:[meta-v1/Condition]~map(type)^merge(type)
`;
