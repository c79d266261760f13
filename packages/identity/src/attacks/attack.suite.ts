/** Attacks by name. What is attacked holds when it is left alone, so that each refusal is the attack's. */
import type { CryptoProvider } from '../provider/provider.ts';

/** What was decided: the reason of a refusal, or how else the verdict is called. */
export type Decided = string | Promise<string>;

/** One attack, and the only reason that it may be refused for. */
export type Attack = readonly [name: string, reason: string, attempt: () => Decided];

/** Something that is attacked. */
export interface Scene {
  readonly what: string;
  /** Without any attack. */
  readonly honest: () => Decided;
  readonly attacks: readonly Attack[];
}

/** Scenes are built on a provider. */
export type SceneOf = (provider: CryptoProvider) => Scene;

/** The reason of a refusal, or the kind of any other verdict. */
export function decided(verdict: { readonly kind: string; readonly reason?: string }): string {
  return verdict.reason ?? verdict.kind;
}

/** With one bit changed; `at` counts bits from the first byte's lowest, over the end from the beginning again. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const place = Math.floor(at / 8) % changed.length;
  changed[place] = (changed[place] as number) ^ (1 << (at % 8));
  return changed;
}
