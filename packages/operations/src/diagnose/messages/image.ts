import type { ImageMessage } from './message.ts';
export function parseImage(reason: string, message: string): ImageMessage | undefined {
  void [reason, message];
  return undefined;
}
