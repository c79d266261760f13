/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const RBAC_V1_NUMBERS = `
AggregationRule clusterRoleSelectors
ClusterRole metadata rules! aggregationRule!
ClusterRoleBinding metadata subjects roleRef!
ClusterRoleBindingList metadata items!
ClusterRoleList metadata items!
PolicyRule verbs! apiGroups resources resourceNames nonResourceURLs
Role metadata rules!
RoleBinding metadata subjects roleRef!
RoleBindingList metadata items!
RoleList metadata items!
RoleRef apiGroup! kind! name!
Subject kind! apiGroup name! namespace
`;
