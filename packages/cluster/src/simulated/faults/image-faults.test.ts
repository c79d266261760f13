import { describe, expect, it } from 'vitest';
import { Symptoms } from './symptoms.suite.ts';

const INDEXER = 'europe-west1-docker.pkg.dev/example-project/search/indexer';
const PULL = 'failed to pull and unpack image';
const BUSY =
  'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit';

function unresolved(image: string, why: string, code = 'Unknown'): string {
  return `rpc error: code = ${code} desc = ${PULL} "${image}": failed to resolve reference "${image}": ${why}`;
}

function head(tag: string): string {
  return `https://europe-west1-docker.pkg.dev/v2/example-project/search/indexer/manifests/${tag}`;
}

/** Source: `pkg/kubelet/images/image_manager.go`; containerd's `core/remotes/docker`. */
const PULLS = [
  [
    'image-missing',
    { mistake: 'prefix' },
    `${INDEXER}:v0.52.1`,
    unresolved(`${INDEXER}:v0.52.1`, `${INDEXER}:v0.52.1: not found`, 'NotFound'),
  ],
  [
    'image-missing',
    { mistake: 'cut-off' },
    `${INDEXER}:0.52`,
    unresolved(`${INDEXER}:0.52`, `${INDEXER}:0.52: not found`, 'NotFound'),
  ],
  [
    'image-wrong-architecture',
    { shows: 'manifest' },
    `${INDEXER}:0.52.1`,
    `rpc error: code = NotFound desc = ${PULL} "${INDEXER}:0.52.1": no match for platform in manifest: not found`,
  ],
  [
    'registry-access-refused',
    {},
    `${INDEXER}:0.52.1`,
    unresolved(`${INDEXER}:0.52.1`, `unexpected status from HEAD request to ${head('0.52.1')}: 403 Forbidden`),
  ],
  [
    'registry-unreachable',
    { shows: 'timeout' },
    `${INDEXER}:0.52.1`,
    unresolved(
      `${INDEXER}:0.52.1`,
      `failed to do request: Head "${head('0.52.1')}": dial tcp 203.0.113.82:443: i/o timeout`,
    ),
  ],
  [
    'registry-unreachable',
    { shows: 'no-such-host' },
    `${INDEXER}:0.52.1`,
    unresolved(
      `${INDEXER}:0.52.1`,
      `failed to do request: Head "${head('0.52.1')}": dial tcp: lookup europe-west1-docker.pkg.dev on 169.254.169.254:53: no such host`,
    ),
  ],
] as const;

describe('faults of images', () => {
  it.each(PULLS)('%s %o: %s is not pulled', (kind, parameters, image, error) => {
    const symptoms = new Symptoms(kind, { target: 'search/indexer', parameters });
    expect(symptoms.states('search', 'indexer')).toEqual([
      `indexer ImagePullBackOff: Back-off pulling image "${image}": ErrImagePull: ${error}`,
    ]);
    expect(symptoms.warnings('Pod search/indexer')).toEqual([
      `Failed: Failed to pull image "${image}": ${error}`,
      'Failed: Error: ErrImagePull',
      'Failed: Error: ImagePullBackOff',
    ]);
    expect(symptoms.events('Pod search/indexer')).toContain(`BackOff: Back-off pulling image "${image}"`);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it.each([
    [
      'upper-case',
      'europe-west1-docker.pkg.dev/example-project/search/Indexer:0.52.0',
      'repository name (example-project/search/Indexer) must be lowercase',
    ],
    ['empty-tag', `${INDEXER}:`, ''],
    ['scheme', `https://${INDEXER}:0.52.0`, ''],
  ])('image-name-invalid: %s', (mistake, image, why) => {
    const symptoms = new Symptoms('image-name-invalid', { target: 'search/indexer', parameters: { mistake } });
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format${why === '' ? '' : `: ${why}`}`;
    expect(symptoms.states('search', 'indexer')).toEqual([`indexer InvalidImageName: ${message}`]);
    expect(symptoms.warnings('Pod search/indexer')).toEqual([
      `InspectFailed: ${message}`,
      'Failed: Error: InvalidImageName',
    ]);
  });

  it('daemon-set-image-missing keeps one pod of a node from its update, and the update from going on', () => {
    const symptoms = new Symptoms('daemon-set-image-missing', { target: 'ops/node-agent' });
    const image = 'docker.io/fluent/fluent-bit:3.2.5';
    const error = unresolved(image, `${image}: not found`, 'NotFound');
    expect(symptoms.states('ops', 'node-agent')).toEqual([
      `node-agent ImagePullBackOff: Back-off pulling image "${image}": ErrImagePull: ${error}`,
    ]);
    expect(symptoms.pods('ops', 'node-agent').filter(({ status }) => status?.phase === 'Running')).toHaveLength(5);
  });

  it('image-wrong-architecture shows in a program that the kernel does not execute', () => {
    const symptoms = new Symptoms('image-wrong-architecture', {
      target: 'search/indexer',
      parameters: { shows: 'program' },
    });
    expect(symptoms.states('search', 'indexer')).toEqual([
      'indexer CrashLoopBackOff: back-off TIME restarting failed container=indexer pod=POD_search(UID)',
      'indexer ended Error 255',
    ]);
    expect(symptoms.lastLines('search', 'indexer')).toEqual(['exec /usr/local/bin/indexer: exec format error']);
  });

  it('registry-rate-limited ends by itself when the registry forgets', () => {
    const symptoms = new Symptoms('registry-rate-limited', {
      target: 'shop/cart-redis',
      parameters: { windowHours: 2 },
    });
    const image = 'docker.io/library/redis:7.5-alpine';
    const error = `rpc error: code = Unknown desc = ${PULL} "${image}": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/7.5-alpine: 429 Too Many Requests - Server message: ${BUSY}`;
    expect(symptoms.warnings('Pod shop/cart-redis')).toContain(`Failed: Failed to pull image "${image}": ${error}`);
    symptoms.cluster.clock.advance(2 * 3_600_000);
    expect(symptoms.states('shop', 'cart-redis')).toEqual([]);
  });

  it('registry faults befall all images of one registry that are pulled', () => {
    const { fault } = new Symptoms('registry-access-refused', { parameters: { workloads: 4 } });
    expect(fault.truth).toEqual({
      entities: ['Registry europe-west1-docker.pkg.dev'],
      classes: ['registry-access-refused'],
    });
    expect(fault.touched.filter((one) => one.startsWith('Deployment '))).toHaveLength(4);
  });

  it.each([
    ['search/indexer', 'regcred', 'Secret search/regcred'],
    ['payments/webhooks', 'registry-credentials', 'Secret payments/registry-credentials'],
  ])('pull-secret-missing of %s', (target, secret, entity) => {
    const symptoms = new Symptoms('pull-secret-missing', { target });
    const [namespace = '', name = ''] = target.split('/');
    expect(symptoms.warnings(`Pod ${target}`)).toContain(
      `FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (${secret}); attempting to pull the image may not succeed.`,
    );
    expect(symptoms.states(namespace, name).join()).toMatch(
      /^\w+ ImagePullBackOff: .*: pull access denied, repository does not exist or may require authorization/,
    );
    expect(symptoms.fault.truth.entities).toContain(entity);
    expect(symptoms.repair().states(namespace, name)).toEqual([]);
  });
});
