import { describe, expect, it } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

describe('BoundedMap', () => {
  it('keeps what is asked for, and forgets the rest', () => {
    const map = new BoundedMap<string, number>(3);
    map.set('kept', 0);
    map.set('left', 0);
    for (let i = 1; i < 20; i++) {
      map.set(`other ${i}`, i);
      expect(map.get('kept')).toBe(0);
    }
    expect(map.get('left')).toBeUndefined();
    expect(map.get('other 19')).toBe(19);
    expect(map.get('other 1')).toBeUndefined();
  });
});
