/** Fields of `io.k8s.api.resource.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const RESOURCE_V1 = `
AllocatedDeviceStatus conditions:[meta-v1/Condition]~map(type) data:/RawExtension device!:s driver!:s networkData:NetworkDeviceData pool!:s shareID:s
AllocationResult allocationTimestamp:meta-v1/Time devices:DeviceAllocationResult={} nodeSelector:core-v1/NodeSelector
CELDeviceSelector expression!:s
CapacityRequestPolicy default:/Quantity validRange:CapacityRequestPolicyRange validValues:[/Quantity]~atomic
CapacityRequestPolicyRange max:/Quantity min!:/Quantity step:/Quantity
CapacityRequirements requests:{/Quantity}
Counter value!:/Quantity
CounterSet counters!:{Counter} name!:s
Device allNodes:b allowMultipleAllocations:b attributes:{DeviceAttribute} bindingConditions:[s]~atomic bindingFailureConditions:[s]~atomic bindsToNode:b capacity:{DeviceCapacity} consumesCounters:[DeviceCounterConsumption]~atomic name!:s nodeAllocatableResourceMappings:{NodeAllocatableResourceMapping} nodeName:s nodeSelector:core-v1/NodeSelector taints:[DeviceTaint]~atomic
DeviceAllocationConfiguration opaque:OpaqueDeviceConfiguration requests:[s]~atomic source!:s
DeviceAllocationResult config:[DeviceAllocationConfiguration]~atomic results:[DeviceRequestAllocationResult]~atomic
DeviceAttribute bool:b bools:[b]~atomic int:l ints:[l]~atomic string:s strings:[s]~atomic version:s versions:[s]~atomic
DeviceCapacity requestPolicy:CapacityRequestPolicy value!:/Quantity
DeviceClaim config:[DeviceClaimConfiguration]~atomic constraints:[DeviceConstraint]~atomic requests:[DeviceRequest]~atomic
DeviceClaimConfiguration opaque:OpaqueDeviceConfiguration requests:[s]~atomic
DeviceClass@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:DeviceClassSpec={}
DeviceClassConfiguration opaque:OpaqueDeviceConfiguration
DeviceClassSpec config:[DeviceClassConfiguration]~atomic extendedResourceName:s selectors:[DeviceSelector]~atomic
DeviceConstraint distinctAttribute:s matchAttribute:s requests:[s]~atomic
DeviceCounterConsumption counterSet!:s counters!:{Counter}
DeviceRequest exactly:ExactDeviceRequest firstAvailable:[DeviceSubRequest]~atomic name!:s
DeviceRequestAllocationResult adminAccess:b bindingConditions:[s]~atomic bindingFailureConditions:[s]~atomic consumedCapacity:{/Quantity} device!:s driver!:s pool!:s request!:s shareID:s tolerations:[DeviceToleration]~atomic
DeviceSelector cel:CELDeviceSelector
DeviceSubRequest allocationMode:s capacity:CapacityRequirements count:l deviceClassName!:s name!:s selectors:[DeviceSelector]~atomic tolerations:[DeviceToleration]~atomic
DeviceTaint effect!:s key!:s timeAdded:meta-v1/Time value:s
DeviceToleration effect:s key:s operator:s="Equal" tolerationSeconds:l value:s
ExactDeviceRequest adminAccess:b allocationMode:s capacity:CapacityRequirements count:l deviceClassName!:s selectors:[DeviceSelector]~atomic tolerations:[DeviceToleration]~atomic
NetworkDeviceData hardwareAddress:s interfaceName:s ips:[s]~atomic
NodeAllocatableResourceMapping allocationMultiplier:/Quantity capacityKey:s
OpaqueDeviceConfiguration driver!:s parameters!:/RawExtension
ResourceClaim@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:ResourceClaimSpec={} status:ResourceClaimStatus={}
ResourceClaimConsumerReference apiGroup:s name!:s resource!:s uid!:s
ResourceClaimSpec devices:DeviceClaim={}
ResourceClaimStatus allocation:AllocationResult devices:[AllocatedDeviceStatus]~map(driver,device,pool,shareID) reservedFor:[ResourceClaimConsumerReference]~map(uid)^merge(uid)
ResourceClaimTemplate@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:ResourceClaimTemplateSpec={}
ResourceClaimTemplateSpec metadata:meta-v1/ObjectMeta={} spec!:ResourceClaimSpec={}
ResourcePool generation!:l name!:s resourceSliceCount!:l
ResourceSlice@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:ResourceSliceSpec={}
ResourceSliceSpec allNodes:b devices:[Device]~atomic driver!:s nodeName:s nodeSelector:core-v1/NodeSelector perDeviceNodeSelection:b pool!:ResourcePool={} sharedCounters:[CounterSet]~atomic
`;
