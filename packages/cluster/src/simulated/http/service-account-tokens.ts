/**
 * Tokens of service accounts as they leave and enter over HTTP: with a signature, so that nobody else can make one.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { ApiServer } from '../api/api-server.ts';
import {
  requestToken,
  userOfToken,
  type TokenRequestSpec,
  type TokenRequestStatus,
} from '../api/service-account-token.ts';
import { SERVICE_ACCOUNTS } from '../api/built-in-types.ts';
import type { Identity } from './call.ts';

/** Makes and checks them. The key stays within. */
export class ServiceAccountTokens {
  readonly #api: ApiServer;
  readonly #key: Uint8Array;

  constructor(api: ApiServer, key: Uint8Array) {
    this.#api = api;
    this.#key = key;
  }

  /** @throws ApiError as {@link requestToken} does */
  issue(namespace: string, name: string, spec: TokenRequestSpec): TokenRequestStatus {
    const status = requestToken(this.#api, namespace, name, spec);
    return { ...status, token: `${status.token}${this.#seal(status.token)}` };
  }

  /** Whose token it is; `undefined` for one that is none, has ended, or whose account is another now. */
  identify(sealed: string): Identity | undefined {
    const token = sealed.slice(0, -SEAL_LENGTH);
    if (sealed.length <= SEAL_LENGTH || !isSame(sealed.slice(-SEAL_LENGTH), this.#seal(token))) return undefined;
    const user = userOfToken(this.#api, token);
    if (user === undefined) return undefined;
    const [, , namespace = '', name = ''] = user.name.split(':');
    const { uid } = this.#api.store.get(SERVICE_ACCOUNTS, namespace, name)?.metadata ?? {};
    return { ...user, ...(uid !== undefined && { uid }) };
  }

  #seal(token: string): string {
    const binary = String.fromCharCode(...hmac(sha256, this.#key, utf8ToBytes(token)));
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }
}

/** Takes as long wherever two texts differ, so that nobody finds a seal letter by letter. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < b.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}

/** Letters of 32 bytes in base64. */
const SEAL_LENGTH = 43;
