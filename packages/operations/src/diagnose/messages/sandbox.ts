import type { SandboxMessage } from './message.ts';
export function parseSandbox(message: string): SandboxMessage | undefined {
  void [message];
  return undefined;
}
