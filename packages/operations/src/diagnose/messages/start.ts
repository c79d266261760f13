import type { StartMessage } from './message.ts';
export function parseStart(reason: string, message: string): StartMessage | undefined {
  void [reason, message];
  return undefined;
}
