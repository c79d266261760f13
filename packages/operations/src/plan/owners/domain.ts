/** What a workload is about, told by its names, images, labels and ports: a table of signs with their weight. */
import { refText, refOf, type KubeObject } from '@aia/cluster';
import type { Role } from '@aia/contract';
import { templateOf } from '../planning.ts';

/** A domain with a specialist of its own. */
export interface Domain {
  readonly role: Role;
  /** `image "mlflow" of Deployment ml/tracking`. */
  readonly reason: string;
}

type Place = 'name' | 'image' | 'label' | 'port';

interface Signs {
  readonly role: Role;
  /** Words in names, labels and images, whole ones. */
  readonly words: readonly string[];
  /** Ports that such programs listen at by default; never enough alone. */
  readonly ports: readonly number[];
}

const SIGNS: readonly Signs[] = [
  {
    role: 'mlops-specialist',
    words: [
      ...[
        'mlflow',
        'jupyter',
        'jupyterhub',
        'jupyterlab',
        'notebook',
        'kubeflow',
        'katib',
        'kserve',
        'seldon',
        'triton',
        'torchserve',
        'tensorflow',
      ],
      ...[
        'pytorch',
        'tensorboard',
        'ray',
        'kuberay',
        'vllm',
        'feast',
        'drift',
        'evidently',
        'training',
        'trainer',
        'inference',
        'model',
        'models',
        'ml',
        'mlops',
      ],
    ],
    ports: [5000, 8888, 8500, 8501, 6006],
  },
  {
    role: 'threejs-ui-optimizer',
    words: [
      ...[
        'frontend',
        'ui',
        'webui',
        'webapp',
        'website',
        'storefront',
        'spa',
        'react',
        'vue',
        'angular',
        'svelte',
        'nextjs',
        'nuxt',
      ],
      ...['three', 'threejs', 'webgl', 'viewer', 'browser', 'portal'],
    ],
    ports: [3000, 4200, 5173],
  },
  {
    role: 'cryptography-agent',
    words: [
      'vault',
      'certmanager',
      'certificate',
      'certificates',
      'keycloak',
      'oauth2',
      'dex',
      'spire',
      'kms',
      'crypto',
      'secrets',
      'sealedsecrets',
      'externalsecrets',
    ],
    ports: [8200],
  },
];

/** A name or label says what somebody meant, an image what it is; a port alone says little. */
const WEIGHTS: Readonly<Record<Place, number>> = { image: 3, name: 2, label: 2, port: 1 };
const ENOUGH = 2;
/** Labels that tell what a program is; others say who runs it where. */
const LABELS = [
  'app',
  'app.kubernetes.io/name',
  'app.kubernetes.io/component',
  'component',
  'k8s-app',
  'tier',
  'role',
] as const;

/** The domain of a workload, Service or other object; `undefined` where nothing tells enough, or two tell as much. */
export function domainOf(object: KubeObject): Domain | undefined {
  const texts = textsOf(object);
  const scored = SIGNS.map(({ role, words, ports }) => {
    const hits = texts.filter(({ place, word }) =>
      place === 'port' ? ports.includes(Number(word)) : words.includes(word),
    );
    return { role, hits, score: hits.reduce((sum, { place }) => sum + WEIGHTS[place], 0) };
  }).toSorted((a, b) => b.score - a.score);
  const [first, second] = scored;
  if (first === undefined || first.score < ENOUGH || first.score === second?.score) return undefined;
  const [{ place, word } = { place: 'name', word: '' }] = first.hits.toSorted(
    (a, b) => WEIGHTS[b.place] - WEIGHTS[a.place],
  );
  return { role: first.role, reason: `${place} "${word}" of ${refText(refOf(object))}` };
}

interface Text {
  readonly place: Place;
  readonly word: string;
}

function textsOf(object: KubeObject): readonly Text[] {
  const template = templateOf(object);
  const containers = template?.containers ?? [];
  const labels = { ...object.metadata.labels, ...template?.labels };
  const named = (place: Place, texts: readonly string[]) =>
    [...new Set(texts.flatMap(wordsOf))].map((word): Text => ({ place, word }));
  const ports = containers.flatMap((container) =>
    (container.ports ?? []).map(({ containerPort }) => String(containerPort)),
  );
  return [
    ...named('name', [object.metadata.name]),
    ...named(
      'image',
      containers.map(({ image = '' }) => programOf(image)),
    ),
    ...named(
      'label',
      LABELS.map((key) => labels[key] ?? ''),
    ),
    ...[...new Set(ports)].map((word): Text => ({ place: 'port', word })),
  ];
}

/** The last part of an image's path, without its tag; what stands before it is a registry or a project. */
function programOf(image: string): string {
  return (image.split('/').at(-1) ?? '').split(/[:@]/, 1)[0] ?? '';
}

/** Words as they are, and pairs of neighbours as one: `cert-manager` is a word too. */
function wordsOf(text: string): readonly string[] {
  const words = text
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return [...words, ...words.slice(1).map((word, i) => `${words[i] ?? ''}${word}`)];
}
