/**
 * Quantities as the API server keeps and prints them: exact, in their canonical form.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/#Quantity
 */
import { parseQuantity } from './quantity.ts';

/** How a quantity was written, and is printed: `1k`, `1Ki`, `1e3`. */
export type AmountFormat = 'decimal' | 'binary' | 'exponent';

/** An exact quantity with the way in which it is printed. */
export interface Amount {
  /** In billionths. */
  readonly nano: bigint;
  readonly format: AmountFormat;
}

export const ZERO: Amount = { nano: 0n, format: 'decimal' };

const NANO = 1_000_000_000n;
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

// The same few hundred texts recur over all objects; the cap bounds hostile input.
const CACHE_CAP = 2000;
const amounts = new Map<string | number, Amount>();

/** `undefined` for what is no quantity. */
export function parseAmount(text: string | number): Amount | undefined {
  const known = amounts.get(text);
  if (known !== undefined) return known;
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  const amount = { nano: quantity.nano, format: formatOf(String(text)) };
  if (amounts.size >= CACHE_CAP) amounts.clear();
  amounts.set(text, amount);
  return amount;
}

function formatOf(text: string): AmountFormat {
  if (text.endsWith('i')) return 'binary';
  return /[eE][+-]?\d/.test(text) ? 'exponent' : 'decimal';
}

/** `a + b`, printed as `a`, or as `b` where `a` is nothing. */
export function addAmounts(a: Amount, b: Amount): Amount {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** `a - b`. */
export function subtractAmounts(a: Amount, b: Amount): Amount {
  return { nano: a.nano - b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** A whole number. */
export function wholeAmount(count: number): Amount {
  return { nano: BigInt(count) * NANO, format: 'decimal' };
}

/** `1500m`, `1536Mi`: without fraction, with the largest suffix that allows that. */
export function amountText({ nano, format }: Amount): string {
  const isSmall = nano > -1024n * NANO && nano < 1024n * NANO;
  if (format === 'binary' && !isSmall && nano % NANO === 0n) return suffixed(nano / NANO, 1024n, BINARY_SUFFIXES);
  if (format === 'exponent') return exponential(nano);
  return nano === 0n ? '0' : suffixed(nano, 1000n, DECIMAL_SUFFIXES);
}

function suffixed(units: bigint, step: bigint, suffixes: readonly string[]): string {
  let [rest, at] = [units, 0];
  while (rest !== 0n && rest % step === 0n && at < suffixes.length - 1) {
    rest /= step;
    at++;
  }
  return `${rest}${suffixes[at] as string}`;
}

function exponential(nano: bigint): string {
  let [rest, power] = [nano, -9];
  while (rest !== 0n && rest % 1000n === 0n) {
    rest /= 1000n;
    power += 3;
  }
  return rest === 0n || power === 0 ? String(rest) : `${rest}e${power}`;
}

const texts = new Map<string | number, string>();

/** The canonical text; what is no quantity stays as it is, for validation to refuse. */
export function canonicalQuantity(text: string | number): string | number {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const amount = parseAmount(text);
  if (amount === undefined) return text;
  const canonical = amountText(amount);
  if (texts.size >= CACHE_CAP) texts.clear();
  texts.set(text, canonical);
  return canonical;
}
