import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, EMPTY_WINDOW, formatWindow, parseWindow, WINDOW_SIZE, type ReplayWindow } from './replay-window.ts';

const after = (...sequences: readonly number[]): ReplayWindow =>
  sequences.reduce((window, sequence) => {
    const admitted = admit(window, sequence);
    return admitted.kind === 'admitted' ? admitted.window : window;
  }, EMPTY_WINDOW);

describe('replay windows', () => {
  it('admit each number once, in whatever order, as far back as the window reaches', () => {
    const number = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 * WINDOW_SIZE }));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), (numbers) => {
        let window = EMPTY_WINDOW;
        const seen = new Set<number>();
        for (const sequence of numbers) {
          const highest = Math.max(0, ...seen);
          const expected = seen.has(sequence)
            ? ['replayed', 'behind-window']
            : [sequence > highest - WINDOW_SIZE ? 'admitted' : 'behind-window'];
          const admitted = admit(window, sequence);
          expect(expected).toContain(admitted.kind === 'admitted' ? 'admitted' : admitted.reason);
          if (admitted.kind !== 'admitted') continue;
          seen.add(sequence);
          window = admitted.window;
          expect(parseWindow(formatWindow(window))).toEqual(window);
        }
      }),
    );
  });

  it('reach exactly so far', () => {
    const window = after(WINDOW_SIZE + 5);
    expect(admit(window, 5)).toEqual({ kind: 'refused', reason: 'behind-window' });
    expect(admit(window, 6)).toMatchObject({ kind: 'admitted' });
    expect(admit(after(6, WINDOW_SIZE + 5), 6)).toEqual({ kind: 'refused', reason: 'replayed' });
  });

  it('hold at the end of what numbers can count', () => {
    const window = after(1, Number.MAX_SAFE_INTEGER);
    expect(admit(window, Number.MAX_SAFE_INTEGER)).toMatchObject({ reason: 'replayed' });
    expect(admit(window, 1)).toMatchObject({ reason: 'behind-window' });
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('have no place for %s', (sequence) => {
    expect(() => admit(EMPTY_WINDOW, sequence)).toThrow(RangeError);
  });

  it.each([
    ...['', ':', '1', '1:', '0:1', '1:0', '2:2', '01:1', '1:01', '1:g', '1:3', '1:1 ', '-1:1', '1e3:1'],
    ...['9007199254740992:1', `5:${'f'.repeat(257)}`, `5:${'f'.repeat(256)}`],
  ])('are not read from %j', (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });

  it('are kept whole', () => {
    expect(parseWindow(formatWindow(EMPTY_WINDOW))).toEqual(EMPTY_WINDOW);
    const full = after(...Array.from({ length: WINDOW_SIZE }, (_, i) => i + 1));
    expect(parseWindow(formatWindow(full))).toEqual(full);
  });
});
