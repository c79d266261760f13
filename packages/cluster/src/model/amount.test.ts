import { describe, expect, it } from 'vitest';
import {
  addAmounts,
  amountText,
  canonicalQuantity,
  parseAmount,
  subtractAmounts,
  ZERO,
  type Amount,
} from './amount.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    [1, '1'],
    [0.1, '100m'],
    ['1024Mi', '1Gi'],
    ['1536Mi', '1536Mi'],
    ['0.5Gi', '512Mi'],
    ['512', '512'],
    ['1000', '1k'],
    ['1000000000', '1G'],
    ['1e3', '1e3'],
    ['1Ki', '1Ki'],
    ['1023', '1023'],
    ['0Mi', '0'],
    ['0', '0'],
    ['-1Gi', '-1Gi'],
    ['12345678n', '12345678n'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it('leaves what is no quantity as it is', () => {
    expect(canonicalQuantity('much')).toBe('much');
  });
});

describe('amounts', () => {
  it('add up in the way the first is written, or the second where there is no first', () => {
    const [half, one] = [parseAmount('512Mi'), parseAmount('1Gi')] as [Amount, Amount];
    expect(amountText(addAmounts(half, one))).toBe('1536Mi');
    expect(amountText(addAmounts(ZERO, one))).toBe('1Gi');
    expect(amountText(subtractAmounts(one, half))).toBe('512Mi');
  });
});
