/**
 * Tokens of ServiceAccounts: the form and the claims of Kubernetes' own, and a signature that says that it is none. They are made and read
 * here alone, so that whoever authenticates needs no key.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { invalid, notFound, type FieldError } from './api-error.ts';
import type { ApiServer } from './api-server.ts';
import { PODS, SERVICE_ACCOUNTS } from './built-in-types.ts';
import type { User } from './request.ts';

/** `authentication.k8s.io/v1` TokenRequest: what is asked for. */
export interface TokenRequestSpec {
  /** Default: the API server. */
  readonly audiences?: readonly string[];
  /** Default 3600, at least 600. */
  readonly expirationSeconds?: number;
  /** The token ends with this Pod, Secret or Node. */
  readonly boundObjectRef?: {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

/** `TokenRequest.status`. */
export interface TokenRequestStatus {
  readonly token: string;
  readonly expirationTimestamp: string;
}

/** Who issues the tokens, and for whom unless they say otherwise. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

const HEADER = { alg: 'none', kid: 'simulated', typ: 'JWT' };
const SIGNATURE = encode('simulated');
const TOKEN_REQUEST = { group: 'authentication.k8s.io', kind: 'TokenRequest', plural: 'tokenrequests' };
/** Kinds that a token can be bound to. */
const BOUND: Readonly<Record<string, string>> = { Pod: 'pod', Secret: 'secret', Node: 'node' };

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly nbf: number;
  readonly sub: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: Identity;
    readonly pod?: Identity;
    readonly secret?: Identity;
    readonly node?: Identity;
  };
}
interface Identity {
  readonly name: string;
  readonly uid: string;
}

/**
 * Makes a token for a ServiceAccount, as the subresource `token` does.
 * @throws ApiError 404 for an account or a bound object that is not there, 422 for a wrong time
 */
export function requestToken(
  api: ApiServer,
  namespace: string,
  name: string,
  { audiences, expirationSeconds = 3600, boundObjectRef }: TokenRequestSpec,
): TokenRequestStatus {
  const account = api.get(SERVICE_ACCOUNTS, namespace, name);
  const errors = durationErrors(expirationSeconds);
  if (errors.length > 0) throw invalid(TOKEN_REQUEST, '', errors);
  const now = Math.floor(api.clock.now / 1000);
  const claims: Claims = {
    aud: audiences === undefined || audiences.length === 0 ? [ISSUER] : audiences,
    exp: now + expirationSeconds,
    iat: now,
    iss: ISSUER,
    'kubernetes.io': {
      namespace,
      ...boundTo(api, namespace, boundObjectRef),
      serviceaccount: { name, uid: account.metadata.uid ?? '' },
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const token = [encode(JSON.stringify(HEADER)), encode(JSON.stringify(claims)), SIGNATURE].join('.');
  return { token, expirationTimestamp: timestamp(claims.exp * 1000) };
}

/** Whose token it is; `undefined` for what is no token of this cluster, is over, or belongs to what is gone. */
export function userOfToken(api: ApiServer, token: string): User | undefined {
  const claims = claimsOf(token);
  if (claims === undefined || claims.iss !== ISSUER || !claims.aud.includes(ISSUER)) return undefined;
  if (claims.exp * 1000 <= api.clock.now || claims.nbf * 1000 > api.clock.now) return undefined;
  const { namespace, serviceaccount, pod } = claims['kubernetes.io'];
  if (api.store.get(SERVICE_ACCOUNTS, namespace, serviceaccount.name)?.metadata.uid !== serviceaccount.uid)
    return undefined;
  if (pod !== undefined && api.store.get(PODS, namespace, pod.name)?.metadata.uid !== pod.uid) return undefined;
  return {
    name: claims.sub,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

function boundTo(
  api: ApiServer,
  namespace: string,
  reference: TokenRequestSpec['boundObjectRef'],
): Partial<Claims['kubernetes.io']> {
  if (reference === undefined) return {};
  const claim = BOUND[reference.kind ?? ''];
  const type = api.types.byKind('', reference.kind ?? '');
  if (claim === undefined || type === undefined)
    throw invalid(TOKEN_REQUEST, '', [
      {
        type: 'FieldValueNotSupported',
        field: 'spec.boundObjectRef.kind',
        value: reference.kind ?? '',
        detail: 'supported values: "Node", "Pod", "Secret"',
      },
    ]);
  const object = api.get(type, type.namespaced ? namespace : '', reference.name ?? '');
  if (reference.uid !== undefined && reference.uid !== object.metadata.uid) throw notFound(type, reference.name ?? '');
  return { [claim]: identityOf(object) };
}

function identityOf({ metadata: { name, uid = '' } }: KubeObject): Identity {
  return { name, uid };
}

function durationErrors(seconds: number): readonly FieldError[] {
  const field = { type: 'FieldValueInvalid', field: 'spec.expirationSeconds', value: seconds } as const;
  if (seconds < 600) return [{ ...field, detail: 'may not specify a duration less than 10 minutes' }];
  if (seconds > 2 ** 32) return [{ ...field, detail: 'may not specify a duration larger than 2^32 seconds' }];
  return [];
}

function claimsOf(token: string): Claims | undefined {
  const [header, body, signature, ...rest] = token.split('.');
  if (header === undefined || body === undefined || signature !== SIGNATURE || rest.length > 0) return undefined;
  try {
    return JSON.parse(decode(body)) as Claims;
  } catch {
    return undefined;
  }
}

/** Base64 for URLs of a text in UTF-8, without padding. */
function encode(text: string): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)));
}
