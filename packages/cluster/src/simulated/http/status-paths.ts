/** Paths that are no resources: version, health, metrics. Source: https://kubernetes.io/docs/reference/using-api/health-checks/ */
import { answer, textAnswer } from './answer.ts';
import { formOf } from './negotiation.ts';
import { isSet } from './request-target.ts';
import { SIMULATED_PLATFORM } from './surroundings-answer.ts';

/** What is asked of a server that is well, in the order in which it says so. */
const CHECKS = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/aggregator-reload-proxy-client-cert',
  'autoregister-completion',
];
const HEALTH: ReadonlySet<string> = new Set(['healthz', 'livez', 'readyz']);

/** The answer to a path that is no resource; `undefined` for one that is not known. */
export function statusAnswer(request: Request, url: URL, path: string, serverVersion: string): Response | undefined {
  const [first = '', ...rest] = path.split('/').filter((part) => part !== '');
  if (HEALTH.has(first)) return health(first, rest.join('/'), url.searchParams);
  if (rest.length > 0) return undefined;
  if (first === '') return answer({ paths: PATHS }, formOf(request.headers, url.searchParams));
  if (first === 'version') return answer(versionOf(serverVersion), formOf(request.headers, url.searchParams));
  return first === 'metrics' ? textAnswer(metrics(serverVersion), 200, { 'content-type': METRICS_TYPE }) : undefined;
}

const PATHS = [
  '/api',
  '/api/v1',
  '/apis',
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
];

function health(kind: string, check: string, query: URLSearchParams): Response | undefined {
  if (check !== '') return CHECKS.includes(check) ? textAnswer('ok') : undefined;
  if (!isSet(query, 'verbose')) return textAnswer('ok');
  const left = new Set(query.getAll('exclude'));
  const lines = CHECKS.map((name) => (left.has(name) ? `[+]${name} excluded: ok` : `[+]${name} ok`));
  return textAnswer(`${lines.join('\n')}\n${kind} check passed\n`);
}

/** `version.Info`. */
function versionOf(gitVersion: string): unknown {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Math.max(0, Number(minor) - 1)),
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'go1.26',
    compiler: 'gc',
    platform: SIMULATED_PLATFORM,
  };
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function metrics(gitVersion: string): string {
  return [
    '# HELP kubernetes_build_info [BETA] A metric with a constant 1 value labeled by the version of Kubernetes.',
    '# TYPE kubernetes_build_info gauge',
    `kubernetes_build_info{git_version="${gitVersion}",platform="${SIMULATED_PLATFORM}"} 1`,
    '',
  ].join('\n');
}
