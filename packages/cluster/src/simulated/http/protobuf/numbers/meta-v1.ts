/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const META_V1_NUMBERS = `
APIGroup name! versions! preferredVersion serverAddressByClientCIDRs
APIGroupList groups!
APIResource name! namespaced! kind! verbs! shortNames singularName! categories group version storageVersionHash
APIResourceList groupVersion! resources!
APIVersions versions! serverAddressByClientCIDRs!
ApplyOptions dryRun force! fieldManager!
Condition type! status! observedGeneration lastTransitionTime! reason! message!
CreateOptions dryRun 3=fieldManager fieldValidation
DeleteOptions gracePeriodSeconds! preconditions! orphanDependents! propagationPolicy! dryRun ignoreStoreReadErrorWithClusterBreakingPotential!
FieldSelectorRequirement key! operator! values
FieldsV1 -!
GetOptions resourceVersion
GroupKind group! kind!
GroupResource group! resource!
GroupVersion group! version!
GroupVersionForDiscovery groupVersion! version!
GroupVersionKind group! version! kind!
GroupVersionResource group! version! resource!
LabelSelector matchLabels matchExpressions
LabelSelectorRequirement key! operator! values
List metadata items!
ListMeta selfLink resourceVersion continue remainingItemCount! shardInfo!
ListOptions labelSelector fieldSelector watch resourceVersion timeoutSeconds! 7=limit continue allowWatchBookmarks resourceVersionMatch sendInitialEvents! 15=shardSelector
ManagedFieldsEntry manager operation apiVersion time! 6=fieldsType fieldsV1! subresource
ObjectMeta name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp! deletionGracePeriodSeconds! labels annotations ownerReferences finalizers 17=managedFields
OwnerReference kind! 3=name! uid! apiVersion! controller! blockOwnerDeletion!
PartialObjectMetadata metadata
PartialObjectMetadataList metadata items!
PatchOptions dryRun force! fieldManager fieldValidation
Preconditions uid! resourceVersion!
RootPaths paths!
ServerAddressByClientCIDR clientCIDR! serverAddress!
ShardInfo selector!
Status metadata status message reason details! code
StatusCause reason message field
StatusDetails name group kind causes retryAfterSeconds uid
TableOptions includeObject
Timestamp seconds! nanos!
TypeMeta kind apiVersion
UpdateOptions dryRun fieldManager fieldValidation
WatchEvent type! object!
`;
