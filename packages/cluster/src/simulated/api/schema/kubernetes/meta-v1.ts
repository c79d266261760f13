/** Fields of `io.k8s.apimachinery.pkg.apis.meta.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const META_V1 = `
APIGroup@ apiVersion:s kind:s name!:s preferredVersion:GroupVersionForDiscovery={} serverAddressByClientCIDRs:[ServerAddressByClientCIDR]~atomic versions!:[GroupVersionForDiscovery]~atomic
APIGroupList@ apiVersion:s groups!:[APIGroup]~atomic kind:s
APIResource categories:[s]~atomic group:s kind!:s name!:s namespaced!:b shortNames:[s]~atomic singularName!:s storageVersionHash:s verbs!:[s] version:s
APIResourceList@ apiVersion:s groupVersion!:s kind:s resources!:[APIResource]~atomic
APIVersions@ apiVersion:s kind:s serverAddressByClientCIDRs!:[ServerAddressByClientCIDR]~atomic versions!:[s]~atomic
Condition lastTransitionTime!:Time message!:s observedGeneration:l reason!:s status!:s type!:s
DeleteOptions@ apiVersion:s dryRun:[s]~atomic gracePeriodSeconds:l ignoreStoreReadErrorWithClusterBreakingPotential:b kind:s orphanDependents:b preconditions:Preconditions propagationPolicy:s
FieldSelectorRequirement key!:s operator!:s values:[s]~atomic
FieldsV1
GroupResource group!:s resource!:s
GroupVersionForDiscovery groupVersion!:s version!:s
LabelSelectorRequirement key!:s operator!:s values:[s]~atomic
LabelSelector~atomic matchExpressions:[LabelSelectorRequirement]~atomic matchLabels:{s}
ListMeta continue:s remainingItemCount:l resourceVersion:s selfLink:s shardInfo:ShardInfo
ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1:FieldsV1 manager:s operation:s subresource:s time:Time
MicroTime
ObjectMeta annotations:{s} creationTimestamp:Time deletionGracePeriodSeconds:l deletionTimestamp:Time finalizers:[s]~set^merge generateName:s generation:l labels:{s} managedFields:[ManagedFieldsEntry]~atomic name:s namespace:s ownerReferences:[OwnerReference]~map(uid)^merge(uid) resourceVersion:s selfLink:s uid:s
OwnerReference~atomic apiVersion!:s blockOwnerDeletion:b controller:b kind!:s name!:s uid!:s
Patch
Preconditions resourceVersion:s uid:s
ServerAddressByClientCIDR clientCIDR!:s serverAddress!:s
ShardInfo selector!:s
Status@ apiVersion:s code:i details:StatusDetails kind:s message:s metadata:ListMeta={} reason:s status:s
StatusCause field:s message:s reason:s
StatusDetails causes:[StatusCause]~atomic group:s kind:s name:s retryAfterSeconds:i uid:s
Time
WatchEvent@ object!:/RawExtension type!:s
`;
