/** Fields of `io.k8s.api.rbac.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const RBAC_V1 = `
AggregationRule clusterRoleSelectors:[meta-v1/LabelSelector]~atomic
ClusterRole@ aggregationRule:AggregationRule apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} rules:[PolicyRule]~atomic
ClusterRoleBinding@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} roleRef!:RoleRef={} subjects:[Subject]~atomic
PolicyRule apiGroups:[s]~atomic nonResourceURLs:[s]~atomic resourceNames:[s]~atomic resources:[s]~atomic verbs!:[s]~atomic
Role@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} rules:[PolicyRule]~atomic
RoleBinding@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} roleRef!:RoleRef={} subjects:[Subject]~atomic
RoleRef~atomic apiGroup:s kind!:s name!:s
Subject~atomic apiGroup:s kind!:s name!:s namespace:s
`;
