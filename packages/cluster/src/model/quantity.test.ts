import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountOf,
  cpuMillis,
  cpuMillisExact,
  formatBytes,
  formatCpu,
  parseQuantity,
  readableBytes,
  wholeUnits,
} from './quantity.ts';

/** The grammar's suffixes as exact fractions, written out independently of the code under test. */
const SUFFIXES: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 10n ** 3n],
  '': [1n, 1n],
  k: [10n ** 3n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [2n ** 10n, 1n],
  Mi: [2n ** 20n, 1n],
  Gi: [2n ** 30n, 1n],
  Ti: [2n ** 40n, 1n],
  Pi: [2n ** 50n, 1n],
  Ei: [2n ** 60n, 1n],
};

const digits = (maxLength: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{0,${maxLength}}$`));

/** Quantity's documentation: no number is greater than 2^63−1 in magnitude; larger ones are capped. */
const capped = (nano: bigint): bigint => (nano > (2n ** 63n - 1n) * 10n ** 9n ? (2n ** 63n - 1n) * 10n ** 9n : nano);

describe('parseQuantity', () => {
  it('equals exact arithmetic, rounded up to whole nanos and capped', () => {
    fc.assert(
      fc.property(
        digits(15),
        digits(12),
        fc.constantFrom(...Object.keys(SUFFIXES)),
        fc.constantFrom('', '-', '+'),
        (whole, fraction, suffix, sign) => {
          fc.pre(whole + fraction !== '');
          const [numerator, denominator] = SUFFIXES[suffix] ?? [0n, 1n];
          const top = BigInt(whole + fraction) * numerator * 10n ** 9n;
          const bottom = denominator * 10n ** BigInt(fraction.length);
          const nano = capped((top + bottom - 1n) / bottom);
          expect(parseQuantity(`${sign}${whole}.${fraction}${suffix}`)).toEqual({ nano: sign === '-' ? -nano : nano });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['1e3', 1000n * 10n ** 9n],
    ['1E3', 1000n * 10n ** 9n],
    ['1E', 10n ** 27n],
    ['5e-3', 5n * 10n ** 6n],
    ['100m', 10n ** 8n],
    ['1.5Gi', 1536n * 2n ** 20n * 10n ** 9n],
    ['0.5n', 1n],
    ['-0.5n', -1n],
    ['.5', 5n * 10n ** 8n],
    ['5.', 5n * 10n ** 9n],
    [0.1, 10n ** 8n],
    [1e21, capped(10n ** 30n)],
    ['10E', capped(10n ** 28n)],
    ['8Ei', capped(2n ** 63n * 10n ** 9n)],
    ['-8Ei', -capped(2n ** 63n * 10n ** 9n)],
    ['9223372036854775807', (2n ** 63n - 1n) * 10n ** 9n],
    ['1e-9', 1n],
    ['1e-10', 1n],
    ['+1.50', 1_500_000_000n],
    ['0012', 12n * 10n ** 9n],
  ])('%s', (text, nano) => expect(parseQuantity(text)).toEqual({ nano }));

  it.each([
    '',
    '.',
    '-',
    '1 Gi',
    'Gi',
    '1GI',
    '1KiB',
    '0x10',
    '1e',
    '1e999',
    '1_000',
    '١',
    'NaN',
    '1.2.3',
    ' 1',
    '1\n',
    '9'.repeat(65),
    '9'.repeat(5_000_000),
    Number.NaN,
    Infinity,
  ])('refuses %j', (text) => expect(parseQuantity(text)).toBeUndefined());
});

describe('amounts', () => {
  it('round up as the scheduler does', () => {
    expect(cpuMillis('0.1')).toBe(100);
    expect(cpuMillis('1n')).toBe(1);
    expect(cpuMillis(2)).toBe(2000);
    expect(wholeUnits('1.5Ki')).toBe(1536);
    expect(wholeUnits('100m')).toBe(1);
    expect(cpuMillisExact('12345678n')).toBe(12.345678);
    expect(amountOf('cpu', '250m')).toBe(250);
    expect(amountOf('requests.cpu', '2')).toBe(2000);
    expect(amountOf('memory', '1Mi')).toBe(1_048_576);
    expect(amountOf('pods', 'many')).toBeUndefined();
  });

  it('written out and read again are the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (millis, bytes) => {
          expect(cpuMillis(formatCpu(millis))).toBe(millis);
          expect(wholeUnits(formatBytes(bytes))).toBe(bytes);
        },
      ),
    );
    expect([formatCpu(250), formatCpu(2000), formatCpu(0.5)]).toEqual(['250m', '2', '1m']);
    expect([formatBytes(0), formatBytes(1536 * 2 ** 20), formatBytes(2 ** 30), formatBytes(1000)]).toEqual([
      '0',
      '1536Mi',
      '1Gi',
      '1000',
    ]);
  });

  it('stay correct when hostile input has filled the cache', () => {
    for (let i = 0; i < 12_000; i++) wholeUnits(`${i}u`);
    expect(wholeUnits('77777k')).toBe(77_777_000);
    expect(wholeUnits('77777k')).toBe(77_777_000);
  });

  it('read well', () => {
    expect([0, 512, 1536, 1.5 * 2 ** 30, 2 ** 60].map(readableBytes)).toEqual([
      '0 B',
      '512 B',
      '1.5 KiB',
      '1.5 GiB',
      '1024 PiB',
    ]);
  });
});
