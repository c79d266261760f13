/** What those who sign certificates do, which no object tells. */

/** An Issuer or ClusterIssuer of cert-manager. */
export interface IssuerPlace {
  readonly kind: 'Issuer' | 'ClusterIssuer';
  /** `''` for ClusterIssuers. */
  readonly namespace: string;
  readonly name: string;
  /** The field of its spec that says how it signs: `acme`, `ca`, `selfSigned`, `vault`, `venafi`. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Names that are to be signed; none when it is asked whether it is ready. */
  readonly names: readonly string[];
}

/** How it answers. */
export interface IssuerBehaviour {
  /** Why it is not ready: `ErrRegisterACMEAccount`, with `Failed to register ACME account: …`. */
  readonly readyError?: { readonly reason: string; readonly message: string };
  /** Why it signs nothing, for good: the request fails, and is made anew after an hour, then two, then four. */
  readonly signError?: string;
  /** What stands in the way of its challenges, which goes on: `Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'`. */
  readonly challengeError?: string;
  /** Default 30 000 for `acme`, else 1000. */
  readonly signMs?: number;
  /** Of what it signs; default 90 days, or as it is asked where it is not `acme`. */
  readonly lifetimeMs?: number;
}

/** A domain of a ManagedCertificate. */
export interface DomainPlace {
  readonly namespace: string;
  readonly name: string;
  readonly domain: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What comes of it. */
export interface DomainBehaviour {
  /** `FailedNotVisible`, `FailedCaaChecking`, `FailedCaaForbidden`, `FailedRateLimited`. */
  readonly failure?: string;
  /** From the load balancer to the certificate; default 15 to 60 minutes, by the name. */
  readonly provisionMs?: number;
}
