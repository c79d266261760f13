import { describe, expect, it } from 'vitest';
import { parallelDidWeb, resourceUrl, withImpliedServices } from './services.ts';

const SCID = 'QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p';
const DID = `did:webvh:${SCID}:a.example`;
const files = { id: `${DID}#files`, type: 'relativeRef', serviceEndpoint: 'https://a.example/' };
const whois = {
  '@context': 'https://identity.foundation/linked-vp/contexts/v1',
  id: `${DID}#whois`,
  type: 'LinkedVerifiablePresentation',
  serviceEndpoint: 'https://a.example/whois.vp',
};

describe('implied services', () => {
  it('are those of the specification', () => {
    expect(withImpliedServices({ id: DID }).service).toEqual([files, whois]);
  });

  it('give way to the services of the document', () => {
    for (const id of ['#files', `${DID}#files`]) {
      const own = { id, type: 'relativeRef', serviceEndpoint: 'https://files.example/x' };
      expect(withImpliedServices({ id: DID, service: [own] }).service).toEqual([own, whois]);
    }
    expect(withImpliedServices({ id: 'did:web:a.example' })).toEqual({ id: 'did:web:a.example' });
  });
});

describe('a DID URL with a path', () => {
  const at = (path: string, endpoint?: string) => {
    const service = endpoint === undefined ? [] : [{ id: '#files', type: 'relativeRef', serviceEndpoint: endpoint }];
    return resourceUrl({ id: DID, service }, DID + path);
  };

  it('leads to a file', () => {
    expect(at('/governance/issuers.json')).toBe('https://a.example/governance/issuers.json');
    expect(at('/whois')).toBe('https://a.example/whois.vp');
    expect(at('/x', 'https://files.example/y/')).toBe('https://files.example/y/x');
    expect(resourceUrl({ id: `${DID}:b:c` }, `${DID}:b:c/x`)).toBe('https://a.example/b/c/x');
  });

  it('leads nowhere else', () => {
    for (const path of ['', '/', '/../x', '/%2e%2e/x', '/.', '/a/./b']) expect(at(path)).toBeUndefined();
    for (const path of ['/..%2Fx', '/..%5cx', '/%252e%252e/x', '/x%00']) expect(at(path)).toBeUndefined();
    for (const endpoint of [
      'http://a.example',
      'https://127.0.0.1',
      'https://localhost/',
      'ftp://a.example',
      'x',
      'https://u@a.example',
    ])
      expect(at('/x', endpoint)).toBeUndefined();
    expect(resourceUrl({ id: DID }, 'did:webvh:other:a.example/x')).toBeUndefined();
  });
});

describe('the did:web beside a log', () => {
  it('has the same keys under its own name, and says whose it is', () => {
    const document = {
      id: DID,
      controller: DID,
      alsoKnownAs: ['did:web:a.example', 'https://a.example'],
      verificationMethod: [{ id: `${DID}#k`, type: 'Multikey', controller: DID, publicKeyMultibase: 'z6Mk' }],
    };
    expect(parallelDidWeb(document)).toEqual({
      id: 'did:web:a.example',
      controller: 'did:web:a.example',
      alsoKnownAs: ['https://a.example', DID],
      verificationMethod: [
        { id: 'did:web:a.example#k', type: 'Multikey', controller: 'did:web:a.example', publicKeyMultibase: 'z6Mk' },
      ],
      service: [
        { ...files, id: 'did:web:a.example#files' },
        { ...whois, id: 'did:web:a.example#whois' },
      ],
    });
  });

  it('is none of other methods', () => {
    expect(() => parallelDidWeb({ id: 'did:web:a.example' })).toThrow(RangeError);
  });
});
