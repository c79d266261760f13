/** Fields of `io.k8s.api.discovery.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const DISCOVERY_V1 = `
Endpoint addresses!:[s]~set conditions:EndpointConditions={} deprecatedTopology:{s} hints:EndpointHints hostname:s nodeName:s targetRef:core-v1/ObjectReference zone:s
EndpointConditions ready:b serving:b terminating:b
EndpointHints forNodes:[ForNode]~atomic forZones:[ForZone]~atomic
EndpointPort~atomic appProtocol:s name:s port:i protocol:s
EndpointSlice@ addressType!:s apiVersion:s endpoints:[Endpoint]~atomic kind:s metadata:meta-v1/ObjectMeta={} ports:[EndpointPort]~atomic
ForNode name!:s
ForZone name!:s
`;
