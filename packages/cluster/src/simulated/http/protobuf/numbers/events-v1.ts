/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const EVENTS_V1_NUMBERS = `
Event metadata! eventTime! series! reportingController reportingInstance action reason regarding related! note type deprecatedSource deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedCount
EventList metadata items!
EventSeries count! lastObservedTime!
`;
