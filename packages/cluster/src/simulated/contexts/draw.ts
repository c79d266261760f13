/** Draws in the words of whoever makes up a cluster. */
import { drawInteger, drawName, type Random } from '../clock/random.ts';

export class Draw {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** Independent draws of a part, which do not shift those of others. */
  part(label: string): Draw {
    return new Draw(this.random.fork(label));
  }

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    return drawInteger(this.random, from, Math.max(from, to));
  }

  /** A number in [from, to). */
  number(from: number, to: number): number {
    return from + this.random.next() * (to - from);
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }

  /** One of some. @throws RangeError of none */
  pick<T>(from: readonly T[]): T {
    const one = from[Math.floor(this.random.next() * from.length)];
    if (one === undefined) throw new RangeError('there is nothing to draw from');
    return one;
  }

  /** One of some with their weights. @throws RangeError of none */
  weighted<T>(from: readonly (readonly [one: T, weight: number])[]): T {
    const sum = from.reduce((total, [, weight]) => total + weight, 0);
    let left = this.random.next() * sum;
    for (const [one, weight] of from) {
      left -= weight;
      if (left < 0) return one;
    }
    return this.pick(from)[0];
  }

  /** The same in another order. */
  shuffled<T>(from: readonly T[]): readonly T[] {
    return from
      .map((one) => [this.random.next(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  }

  /** Letters and digits as Kubernetes draws them. */
  letters(length: number): string {
    return drawName(this.random, length);
  }

  /** Hexadecimal digits. */
  hex(length: number): string {
    return Array.from({ length }, () => this.integer(0, 15).toString(16)).join('');
  }
}
