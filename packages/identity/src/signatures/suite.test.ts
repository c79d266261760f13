import { describe, expect, it } from 'vitest';
import {
  COMPOSITE,
  meets,
  minimumFor,
  raised,
  ROOT,
  schemeOf,
  STRICT_POLICY,
  SUITES,
  type SuiteName,
} from './suite.ts';

describe('suites', () => {
  it.each(Object.keys(SUITES) as SuiteName[])('%s promises no less than itself', (name) => {
    expect(meets(name, name)).toBe(true);
    expect(schemeOf(name).name).toBe(name);
  });

  it.each([
    [COMPOSITE, 'Ed25519', true],
    [COMPOSITE, 'ML-DSA-65', true],
    ['Ed25519', COMPOSITE, false],
    ['ML-DSA-65', COMPOSITE, false],
    ['ML-DSA-87', COMPOSITE, false],
    ['COMPSIG-MLDSA44-Ed25519-SHA512', COMPOSITE, false],
    ['SLH-DSA-SHA2-128s', COMPOSITE, false],
    ['SLH-DSA-SHA2-128s', 'Ed25519', true],
    ['SLH-DSA-SHA2-128s', 'ML-DSA-44', false],
    [COMPOSITE, 'SLH-DSA-SHA2-128s', false],
    ['ML-DSA-87', 'SLH-DSA-SHA2-128s', false],
    ['ML-DSA-87', 'ML-DSA-65', true],
    ['ML-DSA-65', 'ML-DSA-87', false],
    ['ML-DSA-87', 'Ed25519', false],
    ['COMPSIG-MLDSA44-Ed25519-SHA512', 'ML-DSA-44', true],
    [COMPOSITE, 'COMPSIG-MLDSA44-Ed25519-SHA512', true],
  ] as const)('%s for a minimum of %s: %s', (suite, minimum, expected) => {
    expect(meets(suite, minimum)).toBe(expected);
  });
});

describe('policies', () => {
  const did = 'did:example:peer';

  it('ask everybody for the composite by default', () => {
    expect(minimumFor(STRICT_POLICY, did)).toBe(COMPOSITE);
  });

  it('remember more, and never less', () => {
    const lax = { least: 'Ed25519', peers: new Map() } as const;
    const once = raised(lax, did, COMPOSITE);
    expect(minimumFor(once, did)).toBe(COMPOSITE);
    expect(minimumFor(once, 'did:example:another')).toBe('Ed25519');
    expect(raised(once, did, 'Ed25519')).toBe(once);
    expect(raised(once, did, 'ML-DSA-87')).toBe(once);
    expect(raised(once, did, ROOT)).toBe(once);
  });

  it('ask nobody for less than everybody, whatever is remembered', () => {
    const peers = new Map([
      [did, 'Ed25519'],
      ['did:example:lattices', 'ML-DSA-87'],
      ['did:example:root', ROOT],
    ] as const);
    for (const peer of peers.keys()) expect(minimumFor({ least: COMPOSITE, peers }, peer)).toBe(COMPOSITE);
    expect(minimumFor({ least: 'Ed25519', peers }, 'did:example:root')).toBe(ROOT);
  });
});
