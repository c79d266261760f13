/** Registries that give nodes nothing. Source: https://kubernetes.io/docs/concepts/containers/images/ */
import { entityOf } from '../entity.ts';
import { imageTitle, readImage, registryOf } from '../kubelet/image-reference.ts';
import type { ImageBehaviour } from '../kubelet/behaviour.ts';
import type { FaultKind, ParameterValues } from './fault.ts';
import type { FaultSite, Workload } from './fault-site.ts';
import { nextImage } from './image-names.ts';
import { imageOf, MINUTE } from './flawed-rollout.ts';

const HOUR = 60 * MINUTE;

/** A registry that fails while workloads are brought to their next versions; what runs has its image already. */
interface RegistryKind extends Pick<FaultKind, 'name' | 'summary' | 'source' | 'parameters'> {
  readonly cause: string;
  /** Which registries; default all. */
  suits?(host: string): boolean;
  answer(image: AskedImage, values: ParameterValues): ImageBehaviour;
  remedy(host: string): string;
  /** When it ends by itself. */
  lastsMs?(values: ParameterValues): number;
}

interface AskedImage {
  readonly title: string;
  readonly host: string;
  /** Of the registry's API: `https://gcr.io/v2/project/app/manifests/1.0`. */
  readonly url: string;
}

/** How many workloads are rolled out meanwhile. */
const WORKLOADS = {
  type: 'number',
  summary: 'workloads of its images that are rolled out meanwhile, as far as there are so many',
  ...{ min: 2, max: 5, default: 3 },
} as const;

function registryFault(kind: RegistryKind): FaultKind {
  const { name, summary, source, parameters } = kind;
  return {
    ...{ name, family: 'image', summary, source, parameters: { workloads: WORKLOADS, ...parameters } },
    bring: (site, values) => {
      const first = site.workload((one) => (kind.suits ?? (() => true))(registryOf(imageOf(one))));
      const host = registryOf(imageOf(first));
      const workloads = [first, ...othersOf(site, host, Number(values['workloads']) - 1)];
      const wanted = new Set(workloads.map((one) => nextImage(imageOf(one))));
      const ends = site.cluster.clock.now + (kind.lastsMs?.(values) ?? Infinity);
      const isOver = () => site.cluster.clock.now >= ends;
      const mend = site.behave({
        image: (asked) =>
          registryOf(asked) === host && !isOver() ? kind.answer(askedImage(asked, host), values) : undefined,
      });
      for (const one of workloads) site.roll(one, {}, { image: nextImage(imageOf(one)) });
      return {
        truth: {
          entities: [`Registry ${host}`, ...(wanted.size > 1 ? [] : [entityOf(first)])],
          classes: [kind.cause, ...(wanted.size > 1 ? [] : ['image-unavailable'])],
        },
        touched: [...site.takeTouched(), `registry ${host}`],
        settlesMs: 10 * MINUTE,
        remedy: kind.remedy(host),
        repair: () => {
          mend();
          for (const one of workloads) site.rollBack(one);
        },
      };
    },
  };
}

function othersOf(site: FaultSite, host: string, count: number): readonly Workload[] {
  return site
    .workloads()
    .filter((one) => registryOf(imageOf(one)) === host)
    .slice(0, Math.max(0, count))
    .filter((one) => site.take(one));
}

function askedImage(image: string, host: string): AskedImage {
  const reference = readImage(image);
  if (typeof reference === 'string') return { title: image, host, url: `https://${host}/v2/` };
  const { repository, tag, digest } = reference;
  const api = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const path = repository.slice(repository.indexOf('/') + 1);
  return {
    title: imageTitle(reference),
    host: api,
    url: `https://${api}/v2/${path}/manifests/${digest === '' ? tag : digest}`,
  };
}

/** As containerd puts the reason why a name could not be resolved. */
function unresolved(title: string, why: string): string {
  return `rpc error: code = Unknown desc = failed to pull and unpack image "${title}": failed to resolve reference "${title}": ${why}`;
}

const refused = registryFault({
  name: 'registry-access-refused',
  summary: 'The service account of the nodes has lost the right to read from a registry.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/troubleshooting/image-pulls#imagepullbackoff-403',
  parameters: {},
  cause: 'registry-access-refused',
  suits: (host) => host !== 'docker.io',
  answer: ({ title, url }) => ({
    pullError: unresolved(title, `unexpected status from HEAD request to ${url}: 403 Forbidden`),
  }),
  remedy: (host) =>
    `Give the service account of the nodes the right to read from ${host} again (roles/artifactregistry.reader).`,
});

const rateLimited = registryFault({
  name: 'registry-rate-limited',
  summary: 'The nodes have pulled more from a public registry than it allows without an account.',
  source: 'https://docs.docker.com/docker-hub/usage/pulls/',
  parameters: {
    windowHours: {
      type: 'number',
      summary: 'until the registry forgets what was pulled',
      ...{ min: 2, max: 6, default: 6, unit: 'h' },
    },
  },
  cause: 'registry-rate-limited',
  suits: (host) => host === 'docker.io',
  lastsMs: ({ windowHours }) => Number(windowHours) * HOUR,
  answer: ({ title, url }) => ({
    pullError:
      `rpc error: code = Unknown desc = failed to pull and unpack image "${title}": failed to copy: httpReadSeeker: failed open: ` +
      `unexpected status code ${url}: 429 Too Many Requests - Server message: toomanyrequests: ` +
      'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  }),
  remedy: () =>
    'Pull with an account, or through a mirror (remote repository of Artifact Registry); or roll back until the window is over.',
});

const unreachable = registryFault({
  name: 'registry-unreachable',
  summary: 'The nodes do not reach a registry: its name is not resolved, or nobody answers.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/troubleshooting/image-pulls#io-timeout',
  parameters: {
    shows: {
      type: 'choice',
      summary: 'what the nodes see of it',
      choices: ['no-such-host', 'timeout', 'refused'],
      default: 'timeout',
    },
  },
  cause: 'registry-unreachable',
  answer: ({ title, host, url }, { shows }) => ({
    pullMs: shows === 'timeout' ? 30_000 : 200,
    pullError: unresolved(
      title,
      `failed to do request: Head "${url}": dial tcp${NO_ANSWER[String(shows)]?.(host) ?? ''}`,
    ),
  }),
  remedy: (host) => `Make ${host} reachable from the nodes again: name resolution, Cloud NAT, firewall rules.`,
});

const NO_ANSWER: Readonly<Record<string, (host: string) => string>> = {
  'no-such-host': (host) => `: lookup ${host} on 169.254.169.254:53: no such host`,
  timeout: () => ' 203.0.113.82:443: i/o timeout',
  refused: () => ' 203.0.113.82:443: connect: connection refused',
};

/** Kinds of the family `image` that lie in a registry. */
export const REGISTRY_FAULTS: readonly FaultKind[] = [refused, rateLimited, unreachable];
