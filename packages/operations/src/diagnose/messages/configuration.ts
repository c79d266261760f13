import type { ConfigurationMessage } from './message.ts';
export function parseMount(message: string): ConfigurationMessage | undefined {
  void message;
  return undefined;
}
export function parseContainerConfig(message: string): ConfigurationMessage | undefined {
  void message;
  return undefined;
}
