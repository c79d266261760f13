/** Saved answers of HTTP endpoints. */
import { readEndpointResult, type EndpointProbeResult } from '@aia/cluster';

/** One answer, as a file in a dump: `{ "kind": "HttpProbe", "result": { … } }`, see `EndpointProbeResult`. */
export interface HttpProbe {
  readonly kind: 'HttpProbe';
  readonly result: EndpointProbeResult;
}

/** Whether a value says that it is one. */
export function isHttpProbe(value: object): boolean {
  return (value as { readonly kind?: unknown }).kind === 'HttpProbe';
}

/** The answer that was saved; none where its fields have other types. */
export function httpProbeResult(value: object, warn: (message: string) => void): readonly EndpointProbeResult[] {
  const result = readEndpointResult((value as { readonly result?: unknown }).result);
  if (result === undefined) warn('the answer of an endpoint lacks fields or has others');
  return result === undefined ? [] : [result];
}
