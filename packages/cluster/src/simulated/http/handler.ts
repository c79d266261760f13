/**
 * Kubernetes' REST over a simulated cluster: who asks, whether they may, and what answers.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { ApiError, apiError } from '../api/api-error.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { refusal, textAnswer } from './answer.ts';
import { ANONYMOUS, AUTHENTICATED, authenticate, type IdentitySources } from './authentication.ts';
import { authorize } from './authorization.ts';
import type { Call, Identity } from './call.ts';
import { clockAnswer } from './clock-answer.ts';
import { deprecationOf } from './deprecations.ts';
import { discoveryAnswer } from './discovery-answer.ts';
import { isChange, type RequestFalter } from './falter.ts';
import { impersonate } from './impersonation.ts';
import { metricsResources } from './metrics-resources.ts';
import { openApiAnswer } from './openapi-answer.ts';
import { MASTERS, RbacAuthorizer } from '../rbac/authorizer.ts';
import { bootstrapRbac } from '../rbac/bootstrap.ts';
import { targetOf } from './request-target.ts';
import { answerResource, type ResourceParts } from './resource-answer.ts';
import { reviews } from './reviews.ts';
import { ServedResources } from './served-resources.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import { statusAnswer } from './status-paths.ts';
import { surroundingsAnswer } from './surroundings-answer.ts';
import { VIEWS } from './views.ts';

/** How the API is served. */
export interface HandlerOptions {
  /**
   * Who the bearers of which tokens are. Without the table there is no authentication: whoever can call the handler holds the
   * cluster anyway, and counts as {@link ADMINISTRATOR} unless a token of a service account says otherwise.
   */
  readonly tokens?: ReadonlyMap<string, Identity>;
  /** Whether a request without a token is one of `system:anonymous` (default, as in Kubernetes) or refused with 401. */
  readonly anonymous?: boolean;
  /** Refuses requests that are sound, now and then; default never. */
  readonly falter?: RequestFalter;
  /** Signs the tokens of service accounts; give one, and keep it secret, where strangers can send requests. */
  readonly tokenKey?: Uint8Array;
  /** Paths beside those of Kubernetes, asked in turn; whoever asks was authenticated and may do what they ask for. */
  readonly further?: readonly FurtherAnswer[];
}

/** Answers a request to a path of its own, and no other. @throws ApiError */
export type FurtherAnswer = (request: Request, url: URL) => Promise<Response | undefined>;

/** May do everything. */
export const ADMINISTRATOR: Identity = { name: 'kubernetes-admin', groups: [MASTERS, AUTHENTICATED] };

/** Answers one request; never throws. */
export type Handler = (request: Request) => Promise<Response>;

/** Serves a cluster. Puts the roles and bindings of every cluster's start into it. */
export function createHandler(cluster: SimulatedCluster, options: HandlerOptions = {}): Handler {
  const { api } = cluster;
  bootstrapRbac(api);
  const serviceAccounts = new ServiceAccountTokens(api, options.tokenKey ?? utf8ToBytes('known to everybody'));
  const authorizer = new RbacAuthorizer(api.store);
  const sources: IdentitySources = {
    tokens: options.tokens ?? new Map(),
    serviceAccounts,
    withoutToken: withoutToken(options),
  };
  const identify = (token: string) => sources.tokens.get(token) ?? serviceAccounts.identify(token);
  const resources = new ServedResources(api.types, VIEWS, [
    ...reviews({ authorizer, identify }),
    ...metricsResources(api, cluster.kubelets),
  ]);
  return (request) =>
    guarded(() =>
      handle(
        {
          ...{
            api,
            authorizer,
            resources,
            sources,
            tokens: serviceAccounts,
            agents: cluster.kubelets,
            cluster,
            falter: options.falter,
          },
          further: options.further ?? [],
        },
        request,
      ),
    );
}

function withoutToken({ tokens, anonymous = true }: HandlerOptions): Identity | undefined {
  if (tokens === undefined) return ADMINISTRATOR;
  return anonymous ? ANONYMOUS : undefined;
}

interface Server extends ResourceParts {
  readonly authorizer: RbacAuthorizer;
  readonly sources: IdentitySources;
  readonly cluster: SimulatedCluster;
  readonly further: readonly FurtherAnswer[];
  readonly falter: RequestFalter | undefined;
}

async function guarded(run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ApiError) return refusal(error);
    const why = error instanceof Error ? error.message : String(error);
    return refusal(apiError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] }));
  }
}

async function handle(server: Server, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const target = targetOf(request.method, url);
  const sender = authenticate(request.headers, server.sources);
  const user = impersonate(request.headers, sender, server.authorizer);
  authorize(server.authorizer, user, target);
  const refused = isChange(target, url) ? server.falter?.(target) : undefined;
  if (refused !== undefined) throw refused;
  const deprecation = deprecationOf(target, server.cluster.serverVersion);
  const warnings: string[] = deprecation === undefined ? [] : [deprecation];
  const call: Call = { request, url, target, user, warn: (text) => void warnings.push(text) };
  const response = await guarded(async () =>
    target.isResource ? answerResource(server, call) : otherAnswer(server, call),
  );
  for (const text of new Set(warnings)) response.headers.append('warning', warning(text));
  return response;
}

async function otherAnswer({ resources, cluster, further }: Server, call: Call): Promise<Response> {
  const { request, url, target } = call;
  const { method } = request;
  for (const one of [
    () => clockAnswer(cluster.clock, request, target.path),
    ...further.map((at) => () => at(request, url)),
  ]) {
    const response = await one();
    if (response !== undefined) return response;
  }
  if (method !== 'GET' && method !== 'HEAD')
    return refusal(
      apiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}),
    );
  return (
    statusAnswer(request, url, target.path, cluster.serverVersion) ??
    surroundingsAnswer(cluster, request, url) ??
    openApiAnswer(url, target.path, resources.types) ??
    discoveryAnswer(request, url, target.path, resources.types) ??
    textAnswer('404 page not found\n', 404)
  );
}

/** As RFC 9110 quotes it; what no header can hold is left out. */
function warning(text: string): string {
  const quoted = text.replace(/[^\x20-\x7e]/g, '').replace(/[\\"]/g, '\\$&');
  return `299 - "${quoted}"`;
}
