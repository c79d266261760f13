/** Numbers of a range that are given out: as wanted, or one that is free. */

/** A range, both ends included. Automatic choices keep out of the lower part as long as they can, so that it is free for those who choose. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
  /** First number of the upper part. */
  readonly automaticFrom: number;
}

/**
 * A free number that follows from a name alone as long as no other name got it: what one object gets does not depend on which others
 * were made before. `undefined` when the range is full.
 */
export function freeNumber(range: NumberRange, name: string, isTaken: (number: number) => boolean): number | undefined {
  return (
    firstFree(range.automaticFrom, range.last, name, isTaken) ??
    firstFree(range.first, range.automaticFrom - 1, name, isTaken)
  );
}

function firstFree(first: number, last: number, name: string, isTaken: (number: number) => boolean) {
  const size = last - first + 1;
  const start = hashOf(name) % size;
  for (let i = 0; i < size; i++) {
    const number = first + ((start + i) % size);
    if (!isTaken(number)) return number;
  }
  return undefined;
}

/** FNV-1a with a final mix, so that similar names lie apart. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** `10.96.0.1` as a number; `undefined` for what is no IPv4 address. */
export function numberOfAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressOfNumber(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** The usable addresses of a network such as `10.96.0.0/12`, with the split of https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/ */
export function addressRange(cidr: string): NumberRange {
  const [base = '', bits = ''] = cidr.split('/');
  const network = numberOfAddress(base);
  if (network === undefined || !/^\d+$/.test(bits) || Number(bits) > 30)
    throw new RangeError(`cidr: ${JSON.stringify(cidr)} is no IPv4 network of at most 30 bits`);
  const size = 2 ** (32 - Number(bits));
  // Neither the address of the network nor the broadcast address.
  const [first, last] = [network + 1, network + size - 2];
  return { first, last, automaticFrom: first + staticPart(size - 2, 16, 256, 16) };
}

/** Node ports, with the split of https://kubernetes.io/docs/concepts/services-networking/service/#avoid-nodeport-collisions */
export function portRange(first: number, last: number): NumberRange {
  return { first, last, automaticFrom: first + staticPart(last - first + 1, 16, 128, 32) };
}

function staticPart(size: number, least: number, most: number, step: number): number {
  return size <= least ? 0 : Math.min(Math.max(least, Math.floor(size / step)), most);
}
