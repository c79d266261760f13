import type { CloudRefusal } from './message.ts';
export function parseCloudRefusal(text: string): CloudRefusal | undefined {
  void text;
  return undefined;
}
export function parseVisibilityId(messageId: string, parameters: readonly string[]): CloudRefusal | undefined {
  void messageId;
  void parameters;
  return undefined;
}
