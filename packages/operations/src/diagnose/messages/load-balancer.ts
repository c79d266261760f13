import type { CloudRefusal } from './message.ts';
export function parseLoadBalancer(reason: string, message: string): CloudRefusal | undefined {
  void [reason, message];
  return undefined;
}
