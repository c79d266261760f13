/** First contact with an API server, where a wrong address, certificate or credential shows. */
import { SIMULATED_PLATFORM, type MissingInput } from '@aia/cluster';
import { HostError } from '../host-error.ts';
import { codesOf, type ApiClient } from './api-client.ts';

/** Who answers. */
export interface ServerFacts {
  /** `v1.33.4`; `undefined` where it may not be read. */
  readonly version: string | undefined;
  /** Whether it says of itself that it is a simulated cluster. */
  readonly isSimulated: boolean;
}

/**
 * What the server says of itself, with an entry in `missing` where it may not be read. It also lets a credential plugin run once
 * before requests go out in parallel.
 * @throws HostError `unauthorized`, `unreachable`
 */
export async function connect(client: ApiClient, server: string, missing: MissingInput[]): Promise<ServerFacts> {
  const result = await client.get('/version', { attempts: 3 });
  if (result.kind === 'ok') {
    const { gitVersion, platform } = (result.value ?? {}) as { gitVersion?: unknown; platform?: unknown };
    const version = typeof gitVersion === 'string' ? gitVersion : undefined;
    return { version, isSimulated: platform === SIMULATED_PLATFORM };
  }
  const { reason } = result;
  if (result.kind === 'refused' && result.status === 401) {
    throw new HostError(
      'unauthorized',
      `${server} does not accept these credentials (${reason}); they may have expired. Log in again, or choose another --context.`,
      { data: { server, reason } },
    );
  }
  if (result.kind === 'failed') {
    throw unreachable(server, reason, result.cause);
  }
  const consequence = 'messages are read without knowing the version that wrote them';
  missing.push({ input: 'server-version', reason, consequence });
  return { version: undefined, isSimulated: false };
}

/** Says what to check, by what the connection said. */
export function unreachable(server: string, reason: string, cause: unknown): HostError {
  return new HostError('unreachable', `${server} cannot be reached: ${reason}. ${whatToCheck(cause)}`, {
    data: { server, reason },
    retry: 'later',
    cause,
  });
}

/** By the codes of Node's sockets, its resolver and OpenSSL. */
const CHECKS: readonly (readonly [codes: RegExp, advice: string])[] = [
  [
    /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_SIGNATURE|CERT_UNTRUSTED)/,
    'The certificate is not signed by the authority that the kubeconfig names (certificate-authority-data); the kubeconfig may be of an earlier cluster, or a proxy opens TLS.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME/,
    'The certificate is for other names; check the address in the kubeconfig, or set its tls-server-name.',
  ],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET)/, "Renew the API server's certificate, or check this machine's clock."],
  [
    /^(?:UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'Nothing comes back from there; check the VPN, firewalls, and the networks that a private control plane admits.',
  ],
  [/^ENOTFOUND$|^EAI_AGAIN$/, 'The name is not known here; check the address in the kubeconfig and the VPN.'],
  [/^ECONNREFUSED$/, 'Nothing listens there; check that the cluster runs, and the address and port in the kubeconfig.'],
];

function whatToCheck(cause: unknown): string {
  const codes = codesOf(cause);
  const advice = CHECKS.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1];
  return advice ?? 'Check the context, the network and any proxy or VPN.';
}
