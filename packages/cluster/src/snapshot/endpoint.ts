import type { ResourceRef } from '../model/resource-ref.ts';

/** Why an endpoint gave no answer. */
export type EndpointFault = 'name-unresolved' | 'refused' | 'timeout' | 'reset' | 'tls' | 'protocol' | 'other';

/** What asking one HTTP endpoint of the cluster gave. */
export interface EndpointProbeResult {
  /** Without credentials, query and fragment: `https://shop.example.com:443/`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** What in the cluster exposes it: an Ingress, a Gateway or a Service. */
  readonly exposedBy: ResourceRef;
  /** Where the connection went; `undefined` when there was none to make. */
  readonly address: string | undefined;
  /** Whether the name was found in DNS; otherwise the address came from the exposing object's status. */
  readonly resolves: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Requests made, and how many of them failed (no answer, or a status of 500 and more). */
  readonly requests: number;
  readonly failures: number;
  /** HTTP status of the last answer. */
  readonly status: number | undefined;
  /** From the start of the connection to the answer's head, the fastest of the requests. */
  readonly latencyMs: number | undefined;
  /** Where a redirect pointed that was not followed. */
  readonly redirectedTo: string | undefined;
  /** Why the last request gave no answer. */
  readonly fault: EndpointFault | undefined;
  /** The fault in the words of the system. */
  readonly faultText: string | undefined;
}
