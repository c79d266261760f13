import type { EvictionMessage } from './message.ts';
export function parseEviction(reason: string, message: string): EvictionMessage | undefined {
  void [reason, message];
  return undefined;
}
