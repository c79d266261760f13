import type { Event } from '@aia/cluster';
export interface UnrecognisedEvent {
  readonly reason: string;
  readonly count: number;
  readonly example: string;
}
export function recogniseEvent(event: Event): { kind: string } | undefined {
  void event;
  return undefined;
}
export function unrecognised(events: readonly Event[]): readonly UnrecognisedEvent[] {
  void events;
  return [];
}
