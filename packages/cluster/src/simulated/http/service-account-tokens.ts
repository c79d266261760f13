/**
 * Tokens of service accounts: JSON Web Tokens that end, bound to the account as it was when they were made.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { SERVICE_ACCOUNTS } from '../api/built-in-types.ts';
import { drawUid, type Random } from '../clock/random.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Identity } from './call.ts';

/** Who signs, and whom tokens are for unless they say otherwise. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** A token and its end in epoch milliseconds. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** What a token is made from. */
export interface TokenWish {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly seconds: number;
}

/** Makes and checks them. The key stays within. */
export class ServiceAccountTokens {
  readonly #store: ObjectStore;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #key: Uint8Array;

  constructor(store: ObjectStore, clock: VirtualClock, random: Random, key: Uint8Array) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
    this.#key = key;
  }

  issue({ namespace, name, uid, audiences, seconds }: TokenWish): IssuedToken {
    const issuedAt = Math.floor(this.#clock.now / 1000);
    const claims = {
      aud: audiences,
      exp: issuedAt + seconds,
      iat: issuedAt,
      iss: ISSUER,
      jti: drawUid(this.#random),
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      nbf: issuedAt,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const content = `${base64Url(JSON.stringify({ alg: 'HS256' }))}.${base64Url(JSON.stringify(claims))}`;
    return { token: `${content}.${this.#signature(content)}`, expiresAt: (issuedAt + seconds) * 1000 };
  }

  /** Whose token it is; `undefined` for one that is none, has ended, or whose account is another now. */
  identify(token: string): Identity | undefined {
    const end = token.lastIndexOf('.');
    if (end < 0 || token.slice(end + 1) !== this.#signature(token.slice(0, end))) return undefined;
    const claims = claimsOf(token);
    const bound = claims?.['kubernetes.io'];
    const account = isRecord(bound) ? bound['serviceaccount'] : undefined;
    if (claims === undefined || !isRecord(bound) || !isRecord(account)) return undefined;
    if (Number(claims['exp']) * 1000 <= this.#clock.now || !(claims['aud'] as unknown[]).includes(ISSUER))
      return undefined;
    const [namespace, name] = [String(bound['namespace']), String(account['name'])];
    if (this.#store.get(SERVICE_ACCOUNTS, namespace, name)?.metadata.uid !== account['uid']) return undefined;
    return serviceAccountIdentity(namespace, name, String(account['uid']), String(claims['jti']));
  }

  #signature(content: string): string {
    return base64UrlOf(hmac(sha256, this.#key, utf8ToBytes(content)));
  }
}

/** As it is known to authorisation. */
export function serviceAccountIdentity(namespace: string, name: string, uid: string, tokenId: string): Identity {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    uid,
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${tokenId}`] },
  };
}

function claimsOf(token: string): Json | undefined {
  try {
    const [, claims = ''] = token.split('.');
    const value: unknown = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function base64Url(text: string): string {
  return base64UrlOf(utf8ToBytes(text));
}

function base64UrlOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
