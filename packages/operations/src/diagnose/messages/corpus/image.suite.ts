/** Image pulls: each text with who writes it since when, and what must be read from it. */
import type { ImageMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (versions: string, cause: ImageMessage['cause'], text: string, image?: string): Row<ImageMessage> => [
  versions,
  text,
  { cause, ...(image === undefined ? {} : { image }) },
];

export const pulling: readonly Row<ImageMessage>[] = [
  of(
    'containerd',
    'not-found',
    'Failed to pull image "nginx:nope": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nope": failed to resolve reference "docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found',
    'nginx:nope',
  ),
  of(
    'Docker',
    'not-found',
    'Failed to pull image "nginx:nope": rpc error: code = Unknown desc = Error response from daemon: manifest for nginx:nope not found: manifest unknown: manifest unknown',
    'nginx:nope',
  ),
  of(
    'Docker',
    'unauthorized',
    'Failed to pull image "acme/web:1": rpc error: code = Unknown desc = Error response from daemon: pull access denied for acme/web, repository does not exist or may require docker login: denied: requested access to the resource is denied',
    'acme/web:1',
  ),
  of(
    'containerd',
    'unauthorized',
    'Failed to pull image "gcr.io/p/web:1": failed to resolve reference "gcr.io/p/web:1": unexpected status from HEAD request to https://gcr.io/v2/p/web/manifests/1: 403 Forbidden',
    'gcr.io/p/web:1',
  ),
  of(
    'containerd',
    'unauthorized',
    'Failed to pull image "ghcr.io/a/b:1": failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
    'ghcr.io/a/b:1',
  ),
  of(
    'GKE',
    'unauthorized',
    'Failed to pull image "us-docker.pkg.dev/p/r/i:1": rpc error: code = PermissionDenied desc = failed to pull: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource',
    'us-docker.pkg.dev/p/r/i:1',
  ),
  of(
    'all',
    'rate-limited',
    'Failed to pull image "redis": toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating',
    'redis',
  ),
  of(
    'containerd',
    'rate-limited',
    'Failed to pull image "redis": unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/latest: 429 Too Many Requests',
    'redis',
  ),
  of('all', 'rate-limited', 'Failed to pull image "redis": pull QPS exceeded', 'redis'),
  of(
    'containerd',
    'network',
    'Failed to pull image "reg.local/a:1": failed to do request: Head "https://reg.local/v2/a/manifests/1": dial tcp: lookup reg.local: no such host',
    'reg.local/a:1',
  ),
  of(
    'containerd',
    'network',
    'Failed to pull image "reg.local/a:1": dial tcp 10.0.0.1:443: i/o timeout',
    'reg.local/a:1',
  ),
  of(
    'containerd',
    'network',
    'Failed to pull image "reg.local/a:1": dial tcp 10.0.0.1:443: connect: connection refused',
    'reg.local/a:1',
  ),
  of(
    'containerd',
    'network',
    'Failed to pull image "reg.local/a:1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'reg.local/a:1',
  ),
  of(
    'all',
    'network',
    'Failed to pull image "reg.local/a:1": rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'reg.local/a:1',
  ),
  of(
    'containerd',
    'network',
    'Failed to pull image "reg.local/a:1": unexpected status: 503 Service Unavailable',
    'reg.local/a:1',
  ),
  of(
    'containerd',
    'architecture',
    'Failed to pull image "a:1": no match for platform in manifest sha256:abc: not found',
    'a:1',
  ),
  of(
    'Docker',
    'architecture',
    'Failed to pull image "a:1": no matching manifest for linux/arm64/v8 in the manifest list entries',
    'a:1',
  ),
  of('all', 'never-pull', 'Container image "local/app:dev" is not present with pull policy of Never', 'local/app:dev'),
  of('all', 'never-pull', 'Error: ErrImageNeverPull'),
  of(
    'all',
    'invalid-name',
    'Failed to apply default image tag "Web:UPPER": couldn\'t parse image name "Web:UPPER": invalid reference format: repository name must be lowercase',
    'Web:UPPER',
  ),
  of('all', 'invalid-name', 'Error: InvalidImageName'),
  of('1.26–', 'signature', 'Error: SignatureValidationFailed'),
  of('all', 'other', 'Error: ErrImagePull'),
  of('all', 'other', 'Error: ImagePullBackOff'),
  of('1.14–1.32', 'other', 'Back-off pulling image "nginx:nope"', 'nginx:nope'),
  of(
    '1.33–',
    'not-found',
    'Back-off pulling image "nginx:nope": ErrImagePull: rpc error: code = NotFound desc = not there',
    'nginx:nope',
  ),
  of('all', 'no-space', 'Failed to pull image "a:1": write /var/lib: no space left on device', 'a:1'),
  of('all', 'other', 'Failed to pull image "denied:404": something new', 'denied:404'),
  of(
    'all',
    'other',
    'Failed to pull image "reg.io/unauthorized/toomanyrequests:1": something new',
    'reg.io/unauthorized/toomanyrequests:1',
  ),
  ['all', 'Error: configmap "app" not found', undefined],
  ['all', 'Back-off restarting failed container', undefined],
];

export const waiting: readonly Row<ImageMessage>[] = [
  of(
    'containerd',
    'not-found',
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nope": not found',
    'docker.io/library/nginx:nope',
  ),
  of(
    'containerd',
    'unauthorized',
    'failed to pull and unpack image "r/a:1": failed to resolve reference "r/a:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ),
  of('all', 'other', 'something new'),
  of('all', 'other', ''),
];
