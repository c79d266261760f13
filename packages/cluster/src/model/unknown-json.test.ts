import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteNumber } from './unknown-json.ts';

/** Go's `strconv.FormatFloat(x, 'f', -1, 64)`: no exponent, however many zeros that takes. */
function plainText(value: number): string {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

describe('finiteNumber', () => {
  it('reads every double as Prometheus writes it, with and without exponent', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(finiteNumber(plainText(value))).toBe(value);
        expect(finiteNumber(String(value))).toBe(value);
      }),
    );
    expect(finiteNumber('0.0000012345678901234567')).toBe(0.0000012345678901234567);
  });

  it('reads 64-bit integers of Google, and nothing that is no number', () => {
    expect(finiteNumber('9223372036854775807')).toBe(2 ** 63);
    for (const text of ['', ' 1', '1 ', '0x10', '1e', '.', 'NaN', '+Inf', '1_000', '9'.repeat(1000), '1e999'])
      expect(finiteNumber(text), text).toBeUndefined();
  });
});
