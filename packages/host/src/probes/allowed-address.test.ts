import { describe, expect, it } from 'vitest';
import { isAllowed, locate } from './allowed-address.ts';

describe('isAllowed', () => {
  it.each(['203.0.113.7', '10.0.0.7', '192.168.1.1', '172.16.0.1', '2001:db8::1', 'fd12:3456::1'])('%s', (address) => {
    expect(isAllowed(address, false)).toBe(true);
  });
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '::',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'ff02::1',
    'shop.example.com',
    '2130706433',
    '',
  ])('never %j', (address) => {
    expect([isAllowed(address, false), isAllowed(address, true)]).toEqual([false, false]);
  });
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('%s only when asked to', (address) => {
    expect([isAllowed(address, false), isAllowed(address, true)]).toEqual([false, true]);
  });
});

describe('locate', () => {
  const options = { allowLoopback: false, timeoutMs: 5000 };
  it('takes an address as it is', async () => {
    expect(await locate('203.0.113.7', [], options)).toEqual({ kind: 'found', address: '203.0.113.7', resolves: true });
  });
  it('falls back on the status where DNS does not know the name', async () => {
    expect(await locate('shop.invalid', ['203.0.113.7'], options)).toEqual({
      kind: 'found',
      address: '203.0.113.7',
      resolves: false,
    });
    expect(await locate('shop.invalid', [], options)).toEqual({ kind: 'unresolved' });
  });
  it('passes over what it may not connect to', async () => {
    expect(await locate('shop.invalid', ['169.254.169.254', '203.0.113.7'], options)).toMatchObject({
      address: '203.0.113.7',
    });
    expect(await locate('shop.invalid', ['127.0.0.1'], options)).toEqual({ kind: 'refused', address: '127.0.0.1' });
    expect(await locate('METADATA.google.internal.', ['203.0.113.7'], options)).toMatchObject({ kind: 'refused' });
  });
});
