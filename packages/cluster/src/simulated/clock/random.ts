/** Repeatable randomness: the same seed gives the same draws, on every machine. */

/** A source of draws. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /**
   * An independent source: draws from it do not shift those of this one, so that one part of a simulation that draws more than
   * before leaves the others as they were.
   */
  fork(label: string): Random;
}

/** Letters and digits of the names that Kubernetes makes. Source: `k8s.io/apimachinery/pkg/util/rand`. */
const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * sfc32 (small fast counter, 128 bits of state), seeded by a hash of the text.
 * Source: PractRand's `sfc`; xmur3 for the seed.
 */
export function createRandom(seed: string): Random {
  const hash = hashOf(seed);
  let [a, b, c, d] = [hash(), hash(), hash(), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return { next, fork: (label) => createRandom(`${seed}/${label}`) };
}

/** A whole number in [from, to]. */
export function drawInteger(random: Random, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from + 1));
}

/** The random end of a generated name; five letters unless told otherwise. */
export function drawName(random: Random, length = 5): string {
  let text = '';
  for (let i = 0; i < length; i++) text += NAME_LETTERS[Math.floor(random.next() * NAME_LETTERS.length)] as string;
  return text;
}

/** A uid of the form of RFC 9562 version 4. */
export function drawUid(random: Random): string {
  const word = () => Math.floor(random.next() * 4_294_967_296);
  const hex = [word(), word(), word(), word()].map((part) => part.toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** xmur3: a stream of 32-bit words from a text. */
function hashOf(text: string): () => number {
  let state = 1_779_033_703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 3_432_918_353);
    state = (state << 13) | (state >>> 19);
  }
  return () => {
    state = Math.imul(state ^ (state >>> 16), 2_246_822_507);
    state = Math.imul(state ^ (state >>> 13), 3_266_489_909);
    state ^= state >>> 16;
    return state | 0;
  };
}
