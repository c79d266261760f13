/** Images that nodes do not get. Source: https://kubernetes.io/docs/concepts/containers/images/ */
import type { KubeObject } from '../../model/kube-object.ts';
import { SECRETS } from '../api/built-in-types.ts';
import { imageTitleOf } from '../kubelet/image-reference.ts';
import type { FaultKind } from './fault.ts';
import { misspeltTag, nextImage, splitImage, TAG_MISTAKES } from './image-names.ts';
import { REGISTRY_FAULTS } from './registry-faults.ts';
import { flawedRollout, rowFor, type Mistake, type Rollout } from './flawed-rollout.ts';

const IMAGES = 'https://kubernetes.io/docs/concepts/containers/images/';

/** A mistake by which a workload names an image that no registry has. */
function unknownImage({ container }: Rollout, image: string): Mistake {
  const title = imageTitleOf(image) ?? image;
  const pullError = `rpc error: code = NotFound desc = failed to pull and unpack image "${title}": failed to resolve reference "${title}": ${title}: not found`;
  return {
    first: { image },
    row: { image: (asked) => (asked === image ? { pullError } : undefined) },
    remedy: `Set the image back to ${container.image ?? ''}, or push ${image}.`,
  };
}

const missing = flawedRollout({
  name: 'image-missing',
  family: 'image',
  summary: 'A rollout names an image tag that is not in its registry.',
  source: `${IMAGES}#imagepullbackoff`,
  parameters: {
    mistake: {
      type: 'choice',
      summary: 'how the tag came to be wrong',
      choices: TAG_MISTAKES,
      default: 'not-pushed',
    },
  },
  classes: ['image-unavailable'],
  mistake: (rollout, { mistake }) => unknownImage(rollout, misspeltTag(rollout.container.image ?? '', String(mistake))),
});

const missingOnNodes = flawedRollout({
  name: 'daemon-set-image-missing',
  family: 'image',
  summary: 'A DaemonSet names an image tag that is not in its registry.',
  source: 'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/#troubleshooting',
  classes: ['image-unavailable'],
  pick: (site, suits) => site.daemonSet(suits),
  mistake: (rollout) => unknownImage(rollout, nextImage(rollout.container.image ?? '')),
});

const invalidName = flawedRollout({
  name: 'image-name-invalid',
  family: 'image',
  summary: 'A rollout names an image by a text that is no image name.',
  source: `${IMAGES}#image-names`,
  parameters: {
    mistake: {
      type: 'choice',
      summary: 'what is wrong: upper-case letters, a tag that a template left empty, or a scheme',
      choices: ['upper-case', 'empty-tag', 'scheme'],
      default: 'upper-case',
    },
  },
  classes: ['image-unavailable'],
  mistake: ({ container }, { mistake }) => ({
    first: { image: invalid(container.image ?? '', String(mistake)) },
    remedy: `Set the image back to ${container.image ?? ''}.`,
  }),
});

function invalid(image: string, mistake: string): string {
  const { repository, tag } = splitImage(image);
  if (mistake === 'empty-tag') return `${repository}:`;
  if (mistake === 'scheme') return `https://${image}`;
  const slash = repository.lastIndexOf('/') + 1;
  const name = repository.slice(slash);
  return `${repository.slice(0, slash)}${name.charAt(0).toUpperCase()}${name.slice(1)}${tag === '' ? '' : `:${tag}`}`;
}

const wrongPlatform = flawedRollout({
  name: 'image-wrong-architecture',
  family: 'image',
  summary: 'A rollout brings an image that was built for another architecture than that of the nodes.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/prepare-arm-workloads-for-deployment',
  parameters: {
    shows: {
      type: 'choice',
      summary: 'whether its manifest tells of the architecture, or only its program',
      choices: ['manifest', 'program'],
      default: 'program',
    },
  },
  classes: ['container-cannot-start', 'program-fails'],
  mistake: (rollout, { shows }) => {
    const image = nextImage(rollout.container.image ?? '');
    const remedy = `Build ${image} for the architecture of the nodes, or set the image back.`;
    if (shows === 'manifest') {
      const pullError = `rpc error: code = NotFound desc = failed to pull and unpack image "${imageTitleOf(image) ?? image}": no match for platform in manifest: not found`;
      const row = { image: (asked: string) => (asked === image ? { pullError } : undefined) };
      return { first: { image }, row, remedy, classes: ['image-unavailable'] };
    }
    const { name } = rollout.container;
    const words = `exec /usr/local/bin/${name}: exec format error`;
    const row = rowFor(rollout, name, (place) =>
      place.image === image ? { exitsAfterMs: 50, exitCode: 255, lastWords: [words] } : undefined,
    );
    return { first: { image }, row, remedy };
  },
});

const pullSecret = flawedRollout({
  name: 'pull-secret-missing',
  family: 'image',
  summary: 'A rollout brings an image of a private repository, and its pull secret is not in the namespace.',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/',
  classes: ['workload-pull-secret-missing', 'secret-missing', 'image-unavailable'],
  mistake: (rollout) => {
    const { site, namespace, pod, container } = rollout;
    const image = nextImage(container.image ?? '');
    const names = (pod.imagePullSecrets ?? []).map(({ name = '' }) => name);
    const secrets = names.flatMap((name) => site.cluster.api.store.get(SECRETS, namespace, name) ?? []);
    const lost = names.length > 0 ? names : ['regcred'];
    const restore = secrets.map((one: KubeObject) => site.remove(SECRETS, one));
    return {
      pod: { imagePullSecrets: lost.map((name) => ({ name })) },
      first: { image },
      row: { image: (asked) => (asked === image ? { needsSecret: true } : undefined) },
      entities: lost.map((name) => `Secret ${namespace}/${name}`),
      remedy: `Make the Secret ${lost.join(', ')} in ${namespace}, of type kubernetes.io/dockerconfigjson.`,
      takeBack: () => restore.forEach((make) => make()),
    };
  },
});

export const IMAGE_FAULTS: readonly FaultKind[] = [
  missing,
  missingOnNodes,
  invalidName,
  wrongPlatform,
  pullSecret,
  ...REGISTRY_FAULTS,
];
