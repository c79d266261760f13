/** Back-off texts of the kubelet. */
export interface BackOffMessage {
  readonly kind: 'restart' | 'image';
  readonly delayMs?: number;
  readonly container?: string;
  readonly pod?: string;
  readonly image?: string;
  readonly text: string;
}
export function parseBackOff(message: string): BackOffMessage | undefined {
  void message;
  return undefined;
}
