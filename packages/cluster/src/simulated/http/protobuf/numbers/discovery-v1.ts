/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const DISCOVERY_V1_NUMBERS = `
Endpoint addresses! conditions hostname! targetRef! deprecatedTopology nodeName! zone! hints!
EndpointConditions ready! serving! terminating!
EndpointHints forZones forNodes
EndpointPort name! protocol! port! appProtocol!
EndpointSlice metadata endpoints! ports! addressType!
EndpointSliceList metadata items!
ForNode name!
ForZone name!
`;
