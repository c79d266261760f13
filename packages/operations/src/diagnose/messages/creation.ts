import type { CreationMessage } from './message.ts';
export function parseCreation(message: string): CreationMessage | undefined {
  void [message];
  return undefined;
}
