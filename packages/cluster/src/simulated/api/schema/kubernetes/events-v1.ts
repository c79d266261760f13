/** Fields of `io.k8s.api.events.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const EVENTS_V1 = `
Event@ action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:meta-v1/Time deprecatedLastTimestamp:meta-v1/Time deprecatedSource:core-v1/EventSource={} eventTime!:meta-v1/MicroTime kind:s metadata:meta-v1/ObjectMeta={} note:s reason:s regarding:core-v1/ObjectReference={} related:core-v1/ObjectReference reportingController:s reportingInstance:s series:EventSeries type:s
EventSeries count!:i lastObservedTime!:meta-v1/MicroTime
`;
