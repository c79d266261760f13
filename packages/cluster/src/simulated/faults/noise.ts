/**
 * What is seen in every cluster and harms nobody: it passes by itself, nothing wanted stops succeeding for it, and it is no cause of anything.
 * Whoever diagnoses must not be led astray by it.
 */
import { createRandom } from '../clock/random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { FaultSite } from './fault-site.ts';
import { CHURN_NOISE } from './noise-churn.ts';
import { NOISE_ENDS_MS, type NoiseKind } from './noise-kind.ts';
import { PROGRAM_NOISE } from './noise-programs.ts';
import { WARNING_NOISE } from './noise-warnings.ts';
import { NoTargetError } from './no-target-error.ts';

/** Every kind of noise. */
export const NOISE_KINDS: ReadonlyMap<string, NoiseKind> = new Map(
  [...PROGRAM_NOISE, ...CHURN_NOISE, ...WARNING_NOISE].map((kind) => [kind.name, kind]),
);

/** Something harmless that is to happen. */
export interface Noise {
  readonly kind: string;
  /** Epoch milliseconds of the cluster. */
  readonly at: number;
}

/** How much noise, when, and where not. */
export interface NoiseOptions {
  /** 0 none, 1 as much as there is in the busiest clusters. */
  readonly level: number;
  /** For draws of its own. */
  readonly seed: string;
  /** Where the cluster's faults are, which noise keeps away from. */
  readonly site: FaultSite;
  /** In which windows it happens, counted from now; whatever begins in one of them is over at its end. */
  readonly windows: readonly (readonly [fromMs: number, toMs: number])[];
}

/** So many of each ten minutes at full level in a cluster of no size, and for each of its workloads. */
const BASE = 5;
const PER_WORKLOAD = 0.05;
const TEN_MINUTES_MS = 600_000;

/** Sets noise on a cluster's clock. @returns what will happen, in order */
export function addNoise(cluster: SimulatedCluster, options: NoiseOptions): readonly Noise[] {
  const { level, seed, site, windows } = options;
  const random = createRandom(`${seed}/noise`);
  const kinds = [...NOISE_KINDS.values()];
  const rate = (level * (BASE + PER_WORKLOAD * site.workloads().length)) / TEN_MINUTES_MS;
  const noise: Noise[] = [];
  for (const [fromMs, toMs] of windows) {
    const lengthMs = toMs - fromMs - NOISE_ENDS_MS;
    if (lengthMs <= 0) continue;
    // The fraction that is left over happens with that chance.
    const count = Math.floor(rate * lengthMs + random.next());
    for (let i = 0; i < count; i++) {
      const kind = kinds[Math.floor(random.next() * kinds.length)] as NoiseKind;
      noise.push({ kind: kind.name, at: cluster.clock.now + fromMs + Math.floor(random.next() * lengthMs) });
    }
  }
  noise.sort((a, b) => a.at - b.at);
  noise.forEach(({ kind, at }, i) => {
    const own = new FaultSite(cluster, random.fork(`${i}`), undefined, site.taken);
    own.later(at - cluster.clock.now, () => makeNoise(own, kind));
  });
  return noise;
}

/** Lets one harmless thing happen now; nothing where the cluster has nothing that it could happen to. */
export function makeNoise(site: FaultSite, kind: string): void {
  try {
    NOISE_KINDS.get(kind)?.make(site);
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
  }
}
