/** What a kind of noise is. */
import type { FaultSite } from './fault-site.ts';

/** Something harmless. */
export interface NoiseKind {
  /** `probe-flap`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Lets it happen to something that no fault has befallen. @throws NoTargetError */
  make(site: FaultSite): void;
}

/** Whatever begins is over after so long. */
export const NOISE_ENDS_MS = 240_000;
