import type { ScaleUpMessage } from './message.ts';
export function parseScaleUp(reason: string, message: string): ScaleUpMessage | undefined {
  void reason;
  void message;
  return undefined;
}
