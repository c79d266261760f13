/**
 * Which Ed25519 public keys and signatures are taken at all. RFC 8032 leaves room, and libraries use it differently (ZIP-215 is one reading, OpenSSL's another, and
 * releases of Node 24 differ in whether they take an R of small order); two honest agents must never disagree on a signature. Here: keys are canonical
 * encodings of points on the curve, neither they nor R are of small order (as Web Cryptography has it), S is below the group order, and [S]B − [k]A must
 * encode to R byte for byte (cofactorless).
 */
import { bytesToHex } from '@noble/hashes/utils.js';

/** The prime of the field. */
const P = 2n ** 255n - 19n;
/** Order of the group: S has to be below it (RFC 8032 section 5.1.7). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** −121665 ÷ 121666, of the curve −x² + y² = 1 + dx²y². */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** y of the points of order 8, whose sign is free like that of those of order 1, 2 and 4: 1, −1 and 0. */
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, P - 1n, ORDER_8, P - ORDER_8]);

/** Whether 32 bytes are a public key. */
export function isKey(publicKey: Uint8Array): boolean {
  const y = heightOf(publicKey);
  return y < P && !SMALL_ORDER.has(y) && isOnCurve(y);
}

/** Whether 64 bytes may be a signature. That R is canonical and on the curve shows where it is compared. */
export function mayBeSignature(signature: Uint8Array): boolean {
  return !SMALL_ORDER.has(heightOf(signature.subarray(0, 32))) && littleEndian(signature.subarray(32)) < L;
}

/** y, without the sign of x in the last bit. */
function heightOf(point: Uint8Array): bigint {
  return BigInt.asUintN(255, littleEndian(point));
}

/** The number that bytes stand for. */
export function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes.toReversed())}`);
}

/** Whether x² = (y² − 1) ÷ (dy² + 1) has a solution: whether the product of both, which differs from their quotient by a square, is one. */
function isOnCurve(y: bigint): boolean {
  const square = (y * y) % P;
  return jacobi((square - 1n) * (D * square + 1n), P) === 1;
}

/** The Jacobi symbol of two numbers that are public, with no factor in common. Source: Cohen, A Course in Computational Algebraic Number Theory, algorithm 1.4.10. */
function jacobi(of: bigint, modulus: bigint): number {
  let [a, n, symbol] = [of % modulus, modulus, 1];
  while (a !== 0n) {
    for (; (a & 1n) === 0n; a >>= 1n) if ((n & 7n) === 3n || (n & 7n) === 5n) symbol = -symbol;
    if ((a & 3n) === 3n && (n & 3n) === 3n) symbol = -symbol;
    [a, n] = [n % a, a];
  }
  return symbol;
}
