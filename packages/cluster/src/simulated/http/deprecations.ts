/** What the API server warns of whenever it is asked. Source: `zz_generated.prerelease-lifecycle.go` of each group in `k8s.io/api`. */
import type { RequestTarget } from './request-target.ts';

interface Deprecation {
  /** Minor version of Kubernetes 1. */
  readonly since: number;
  readonly text: string;
}

/** By `group/version/resource`. */
const DEPRECATIONS: Readonly<Record<string, Deprecation>> = {
  '/v1/endpoints': {
    since: 33,
    text: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  },
};

/** The warning for a request; `undefined` for most. */
export function deprecationOf({ group, version, resource }: RequestTarget, serverVersion: string): string | undefined {
  const known = DEPRECATIONS[`${group}/${version}/${resource}`];
  const minor = Number(/^v1\.(\d+)/.exec(serverVersion)?.[1] ?? 0);
  return known !== undefined && minor >= known.since ? known.text : undefined;
}
