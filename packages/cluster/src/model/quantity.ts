/**
 * Kubernetes quantities, exact.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

/** An exact decimal or binary number: `units × 10^-9`, so that `1n` (nano) is the smallest step the grammar has. */
export interface Quantity {
  /** Value in billionths of the base unit (cores, bytes, counts). */
  readonly nano: bigint;
}

const NANO = 1_000_000_000n;
const LARGEST = (2n ** 63n - 1n) * NANO;
const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const GRAMMAR = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d{1,2})|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]))?$/;
/** Longer texts cannot be sensible quantities, and digits cost time squared. */
const LONGEST = 64;

/**
 * Parses a quantity. Fractions below one nano are rounded up (away from zero), and what is larger than 2^63−1 is cut to
 * that, as the API server does.
 * Returns `undefined` for text outside the grammar.
 */
export function parseQuantity(text: string | number): Quantity | undefined {
  const source = typeof text === 'number' ? numberText(text) : text;
  if (source.length > LONGEST) return undefined;
  const match = GRAMMAR.exec(source);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', , exponent, suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const scale = suffix in BINARY ? 0 : exponent === undefined ? (DECIMAL[suffix] ?? 0) : Number(exponent);
  const exact = scaled(digits * (BINARY[suffix] ?? 1n), scale - fraction.length + 9);
  const nano = exact > LARGEST ? LARGEST : exact;
  return { nano: sign === '-' ? -nano : nano };
}

/** CPU in millicores, rounded up as Kubernetes' `MilliValue`; `undefined` when not a quantity. */
export function cpuMillis(text: string | number): number | undefined {
  return cached(cpuCache, text, NANO / 1000n);
}

/** Bytes (or any plain count), rounded up as Kubernetes' `Value`; `undefined` when not a quantity. */
export function wholeUnits(text: string | number): number | undefined {
  return cached(unitCache, text, NANO);
}

/** CPU in millicores with its fraction kept, for usage samples such as `12345678n`. */
export function cpuMillisExact(text: string | number): number | undefined {
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : Number(quantity.nano) / 1e6;
}

/** Bytes or a plain count as {@link wholeUnits} gives them, for measured amounts: hardly any occurs twice, so none is kept. */
export function wholeUnitsOnce(text: string | number): number | undefined {
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : Number(ceilDivide(quantity.nano, NANO));
}

/** Amount of resource `name` in its own unit: CPU in millicores, everything else in whole units (bytes, counts). */
export function amountOf(name: string, text: string | number): number | undefined {
  return name === 'cpu' || name.endsWith('.cpu') ? cpuMillis(text) : wholeUnits(text);
}

/** Millicores as Kubernetes writes them: `250m`, `2`. */
export function formatCpu(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${Math.ceil(millis)}m`;
}

/** Bytes with the largest binary suffix that keeps them exact (`1536Mi`), else plain. */
export function formatBytes(bytes: number): string {
  for (const suffix of ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const) {
    const unit = Number(BINARY[suffix]);
    if (bytes !== 0 && bytes % unit === 0) return `${bytes / unit}${suffix}`;
  }
  return String(bytes);
}

/** Bytes for people, rounded to one decimal: `1.5 GiB`. */
export function readableBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(5, Math.floor(Math.log2(bytes) / 10));
  const unit = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'][power] ?? 'B';
  return `${Number((bytes / 2 ** (10 * power)).toFixed(1))} ${unit}`;
}

/** `digits × 10^power`, rounded up. */
function scaled(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

/** JSON and YAML numbers arrive as doubles; exponents outside the grammar (`1e+21`) are rewritten. */
function numberText(value: number): string {
  return String(value).replace('e+', 'e');
}

// The same few hundred texts recur over all pods of a cluster. The cap bounds hostile input, of which every text is new: starting
// anew then lets the recurring ones in again.
const cpuCache = new Map<string | number, number | undefined>();
const unitCache = new Map<string | number, number | undefined>();
const CACHE_CAP = 2000;

function cached(
  cache: Map<string | number, number | undefined>,
  text: string | number,
  step: bigint,
): number | undefined {
  const known = cache.get(text);
  if (known !== undefined || cache.has(text)) return known;
  const quantity = parseQuantity(text);
  const value = quantity === undefined ? undefined : Number(ceilDivide(quantity.nano, step));
  if (cache.size >= CACHE_CAP) cache.clear();
  cache.set(text, value);
  return value;
}

function ceilDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by > 0n ? quotient + 1n : quotient;
}
