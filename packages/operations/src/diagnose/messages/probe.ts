import type { ProbeMessage } from './message.ts';
export function parseProbe(message: string): ProbeMessage | undefined {
  void [message];
  return undefined;
}
