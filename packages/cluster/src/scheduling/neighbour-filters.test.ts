import { describe } from 'vitest';
import { check, node, pod, running, spec, zonal, ZONE, type Json } from './sample.suite.ts';

const WEB = { labels: { app: 'web' } };

const spread = (fields: Json = {}) => ({
  ...WEB,
  ...spec({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: ZONE,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
        ...fields,
      },
    ],
  }),
});
const SKEW = "node(s) didn't match pod topology spread constraints";

describe('topology spread', () => {
  const zones = [zonal('n1', 'a'), zonal('n2', 'b')];
  check([
    {
      name: 'the fuller zone is refused',
      objects: [...zones, running('x', WEB), pod('new', spread())],
      reasons: [SKEW],
    },
    {
      name: 'the emptier zone is not',
      objects: [...zones, running('x', WEB), pod('new', spread())],
      on: 'n2',
      reasons: [],
    },
    {
      name: 'node without the label',
      objects: [...zones, node('n3'), pod('new', spread())],
      on: 'n3',
      reasons: [`${SKEW} (missing required label)`],
    },
    {
      name: 'terminating pods and other namespaces do not count',
      objects: [
        ...zones,
        running('x', { ...WEB, metadata: { deletionTimestamp: '2025-09-27T12:00:00Z' } }),
        running('y', { ...WEB, namespace: 'other' }),
        pod('new', spread()),
      ],
      reasons: [],
    },
    {
      name: 'fewer domains than minDomains: the emptiest counts as 0',
      objects: [...zones, running('x', WEB), running('y', WEB, 'n2'), pod('new', spread({ minDomains: 3 }))],
      reasons: [SKEW],
    },
    {
      name: 'an empty selector counts nobody, so it never skews',
      objects: [...zones, running('x', WEB), running('y', WEB), pod('new', spread({ labelSelector: {} }))],
      reasons: [],
    },
    {
      name: 'no selector counts nobody either',
      objects: [...zones, running('x', WEB), running('y', WEB), pod('new', spread({ labelSelector: undefined }))],
      reasons: [],
    },
    {
      name: 'a pod that its own selector leaves out adds nothing',
      objects: [...zones, running('x', WEB), pod('new', { ...spread(), labels: { app: 'api' } })],
      reasons: [],
    },
    {
      name: 'nodes without one of several topology keys are no domains',
      objects: [
        node('n1', { labels: { [ZONE]: 'a', rack: 'r1' } }),
        zonal('n2', 'b'),
        running('x', WEB),
        pod('new', {
          ...WEB,
          ...spec({
            topologySpreadConstraints: [ZONE, 'rack'].map((topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { app: 'web' } },
            })),
          }),
        }),
      ],
      reasons: [],
    },
    {
      name: 'minDomains is met: the emptiest domain counts',
      objects: [...zones, running('x', WEB), running('y', WEB, 'n2'), pod('new', spread({ minDomains: 2 }))],
      reasons: [],
    },
    {
      name: 'soft constraints refuse nothing',
      objects: [...zones, running('x', WEB), pod('new', spread({ whenUnsatisfiable: 'ScheduleAnyway' }))],
      reasons: [],
    },
    {
      name: 'zones outside the node selector are no domains (nodeAffinityPolicy Honor)',
      objects: [
        node('n1', { labels: { [ZONE]: 'a', pool: 'p' } }),
        zonal('n2', 'b'),
        running('x', WEB),
        pod('new', { ...WEB, spec: { ...spread().spec, nodeSelector: { pool: 'p' } } }),
      ],
      reasons: [],
    },
    {
      name: '… but are with nodeAffinityPolicy Ignore',
      objects: [
        node('n1', { labels: { [ZONE]: 'a', pool: 'p' } }),
        zonal('n2', 'b'),
        running('x', WEB),
        pod('new', { ...WEB, spec: { ...spread({ nodeAffinityPolicy: 'Ignore' }).spec, nodeSelector: { pool: 'p' } } }),
      ],
      reasons: [SKEW],
    },
    {
      name: 'tainted zones are no domains with nodeTaintsPolicy Honor',
      objects: [
        zonal('n1', 'a'),
        { ...zonal('n2', 'b'), spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } },
        running('x', WEB),
        pod('new', spread({ nodeTaintsPolicy: 'Honor' })),
      ],
      reasons: [],
    },
    {
      name: 'matchLabelKeys counts the own revision only',
      objects: [
        ...zones,
        running('x', { labels: { app: 'web', rev: '1' } }),
        pod('new', { ...spread({ matchLabelKeys: ['rev'] }), labels: { app: 'web', rev: '2' } }),
      ],
      reasons: [],
    },
  ]);
});

const podTerm = (kind: 'podAffinity' | 'podAntiAffinity', term: Json = {}) =>
  spec({
    affinity: {
      [kind]: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: ZONE, labelSelector: { matchLabels: { app: 'web' } }, ...term },
        ],
      },
    },
  });
const namespace = (name: string, labels: Json) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

describe('affinity between pods', () => {
  const zones = [zonal('n1', 'a'), zonal('n2', 'b')];
  const AFFINITY = ["node(s) didn't match pod affinity rules"];
  const ANTI = ["node(s) didn't match pod anti-affinity rules"];
  const EXISTING = ["node(s) didn't satisfy existing pods anti-affinity rules"];
  check([
    {
      name: 'wanted pod in the zone',
      objects: [...zones, running('x', WEB), pod('new', podTerm('podAffinity'))],
      reasons: [],
    },
    {
      name: 'wanted pod in another zone',
      objects: [...zones, running('x', WEB), pod('new', podTerm('podAffinity'))],
      on: 'n2',
      reasons: AFFINITY,
    },
    { name: 'nobody wanted is there', objects: [...zones, pod('new', podTerm('podAffinity'))], reasons: AFFINITY },
    {
      name: 'the first of its own kind may start',
      objects: [...zones, pod('new', { ...WEB, ...podTerm('podAffinity') })],
      reasons: [],
    },
    {
      name: '… but not where the label is missing',
      objects: [...zones, node('n3'), pod('new', { ...WEB, ...podTerm('podAffinity') })],
      on: 'n3',
      reasons: AFFINITY,
    },
    {
      name: 'the second of its kind may not start elsewhere',
      objects: [...zones, running('x', WEB), pod('new', { ...WEB, ...podTerm('podAffinity') })],
      on: 'n2',
      reasons: AFFINITY,
    },
    {
      name: 'avoided pod in the zone',
      objects: [...zones, running('x', WEB), pod('new', podTerm('podAntiAffinity'))],
      reasons: ANTI,
    },
    {
      name: 'avoided pod in another zone',
      objects: [...zones, running('x', WEB), pod('new', podTerm('podAntiAffinity'))],
      on: 'n2',
      reasons: [],
    },
    {
      name: 'a running pod avoids the new one',
      objects: [...zones, running('x', podTerm('podAntiAffinity')), pod('new', WEB)],
      reasons: EXISTING,
    },
    {
      name: 'a running pod of another namespace does not',
      objects: [...zones, running('x', { namespace: 'other', ...podTerm('podAntiAffinity') }), pod('new', WEB)],
      reasons: [],
    },
    {
      name: '… unless its namespace selector reaches here',
      objects: [
        ...zones,
        namespace('shop', { team: 'a' }),
        running('x', {
          namespace: 'other',
          ...podTerm('podAntiAffinity', { namespaceSelector: { matchLabels: { team: 'a' } } }),
        }),
        pod('new', WEB),
      ],
      reasons: EXISTING,
    },
    {
      name: 'an empty namespace selector is every namespace',
      objects: [
        ...zones,
        running('x', { ...WEB, namespace: 'other' }),
        pod('new', podTerm('podAntiAffinity', { namespaceSelector: {} })),
      ],
      reasons: ANTI,
    },
    {
      name: 'a listed namespace',
      objects: [
        ...zones,
        running('x', { ...WEB, namespace: 'other' }),
        pod('new', podTerm('podAffinity', { namespaces: ['other'] })),
      ],
      reasons: [],
    },
    {
      name: 'mismatchLabelKeys leaves the own kind out',
      objects: [
        ...zones,
        running('x', { labels: { app: 'web', rev: '1' } }),
        pod('new', { labels: { rev: '1' }, ...podTerm('podAntiAffinity', { mismatchLabelKeys: ['rev'] }) }),
      ],
      reasons: [],
    },
  ]);
});
