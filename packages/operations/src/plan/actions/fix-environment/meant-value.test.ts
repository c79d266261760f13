import { describe, expect, it } from 'vitest';
import { meantValue } from './meant-value.ts';

describe('meantValue', () => {
  it.each([
    ['http:/query.search:8080', 'http://query.search:8080'],
    ['postgres:/db/shop', 'postgres://db/shop'],
    ['20O', '20'],
    ['EUR,', 'EUR'],
    ['ifno', 'info'],
  ])('reads %s as %s', (wrong, meant) => {
    expect(meantValue(wrong, [])?.value).toBe(meant);
  });

  it('takes what the same variable is elsewhere', () => {
    expect(meantValue('ledgre.payments', ['ledger.payments'])?.value).toBe('ledger.payments');
    expect(meantValue('300', ['300s', '20'])?.value).toBe('300s');
  });

  it.each(['file:/etc/app.ini', '300', 'http://query:8080', 'blue', ''])('leaves %j as it is', (value) => {
    expect(meantValue(value, ['unlike'])).toBeUndefined();
  });
});
