/** How templates of Deployments roll. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { deployment, DONE, rolledOut, rolling, setOf, sets, web } from './deployment-objects.ts';
import {
  BROKEN,
  BROKEN_IMAGE,
  IMAGE,
  NEXT_IMAGE,
  ofImage,
  ofPodImage,
  pods,
  template,
  told,
  TWO_NODES,
} from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/';
const REVISION = 'deployment.kubernetes.io/revision';
export const ROLLOUT_CASES: readonly ConformanceCase[] = [
  {
    name: 'a Deployment makes a ReplicaSet that its template hash names and tells apart',
    source: `${PAGE}#pod-template-hash-label`,
    nodes: TWO_NODES,
    given: [deployment()],
    steps: [
      sets.list({
        body: {
          items: [
            {
              metadata: {
                name: /^web-[a-z0-9]+$/,
                labels: { app: 'web', 'pod-template-hash': /^[a-z0-9]+$/ },
                annotations: {
                  [REVISION]: '1',
                  'deployment.kubernetes.io/desired-replicas': '3',
                  'deployment.kubernetes.io/max-replicas': '4',
                },
                ownerReferences: [
                  {
                    apiVersion: 'apps/v1',
                    kind: 'Deployment',
                    name: 'web',
                    controller: true,
                    blockOwnerDeletion: true,
                  },
                ],
              },
              spec: {
                replicas: 3,
                selector: { matchLabels: { app: 'web', 'pod-template-hash': /^[a-z0-9]+$/ } },
                template: { metadata: { labels: { 'pod-template-hash': /^[a-z0-9]+$/ } } },
              },
            },
          ],
        },
      }),
      web.get({ metadata: { annotations: { [REVISION]: '1' } } }),
    ],
  },
  {
    name: 'a finished rollout says so in numbers and conditions',
    source: `${PAGE}#complete-deployment`,
    nodes: TWO_NODES,
    given: [deployment()],
    steps: [
      web.get({
        status: {
          observedGeneration: 1,
          replicas: 3,
          updatedReplicas: 3,
          readyReplicas: 3,
          availableReplicas: 3,
          unavailableReplicas: ABSENT,
          conditions: [
            {
              type: 'Available',
              status: 'True',
              reason: 'MinimumReplicasAvailable',
              message: 'Deployment has minimum availability.',
            },
            { ...DONE, message: /^ReplicaSet "web-[a-z0-9]+" has successfully progressed\.$/ },
          ],
        },
      }),
      told('Deployment', 'ScalingReplicaSet', /^Scaled up replica set web-[a-z0-9]+ from 0 to 3$/),
    ],
  },
  {
    name: 'a changed template rolls over to a new ReplicaSet step by step',
    source: `${PAGE}#updating-a-deployment`,
    nodes: TWO_NODES,
    given: [deployment()],
    steps: [
      rolledOut({ availableReplicas: 3 }),
      web.change(ofImage(NEXT_IMAGE)),
      sets.list({ some: [setOf(IMAGE, 0), setOf(NEXT_IMAGE, 3)] }),
      pods(3, ofPodImage(NEXT_IMAGE)),
      web.get({ metadata: { annotations: { [REVISION]: '2' } }, status: { replicas: 3, updatedReplicas: 3 } }),
      told('Deployment', 'ScalingReplicaSet', /^Scaled up replica set web-[a-z0-9]+ from 0 to 1$/),
      told('Deployment', 'ScalingReplicaSet', /^Scaled down replica set web-[a-z0-9]+ from 3 to 2$/),
      told('Deployment', 'ScalingReplicaSet', /^Scaled down replica set web-[a-z0-9]+ from 1 to 0$/),
    ],
  },
  {
    name: 'a rollout that cannot go on keeps as many pods as may not be missing',
    source: `${PAGE}#max-unavailable`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [deployment({ replicas: 4, ...rolling({ maxSurge: '25%', maxUnavailable: '25%' }) })],
    steps: [
      rolledOut({ availableReplicas: 4 }),
      web.change(ofImage(BROKEN_IMAGE)),
      sets.list({ some: [setOf(IMAGE, 3), setOf(BROKEN_IMAGE, 2)] }),
      web.get({
        status: { replicas: 5, updatedReplicas: 2, readyReplicas: 3, availableReplicas: 3, unavailableReplicas: 2 },
      }),
      web.get({
        status: {
          conditions: [
            { type: 'Available', status: 'True' },
            { type: 'Progressing', reason: 'ReplicaSetUpdated' },
          ],
        },
      }),
    ],
  },
  {
    name: 'percents are rounded up for the surge and down for what may be unavailable',
    source: `${PAGE}#max-surge`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [deployment()],
    steps: [
      rolledOut({ availableReplicas: 3 }),
      web.change(ofImage(BROKEN_IMAGE)),
      sets.list({ some: [setOf(IMAGE, 3), setOf(BROKEN_IMAGE, 1)] }),
      { passMs: 30_000 },
      sets.list({ some: [setOf(IMAGE, 3), setOf(BROKEN_IMAGE, 1)] }, 0),
    ],
  },
  {
    name: 'a rollout without progress past its deadline is told as such',
    source: `${PAGE}#failed-deployment`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [deployment({ progressDeadlineSeconds: 20, template: template(BROKEN_IMAGE) })],
    steps: [
      web.get({
        status: {
          unavailableReplicas: 3,
          conditions: [
            {
              type: 'Available',
              status: 'False',
              reason: 'MinimumReplicasUnavailable',
              message: 'Deployment does not have minimum availability.',
            },
            {
              type: 'Progressing',
              status: 'False',
              reason: 'ProgressDeadlineExceeded',
              message: /^ReplicaSet "web-[a-z0-9]+" has timed out progressing\.$/,
            },
          ],
        },
      }),
    ],
  },
  {
    name: 'a rollback takes the old ReplicaSet back as a new revision',
    source: `${PAGE}#rolling-back-a-deployment`,
    nodes: TWO_NODES,
    given: [deployment({ replicas: 1 })],
    steps: [
      rolledOut(),
      sets.all({}, 'before'),
      web.change(ofImage(NEXT_IMAGE)),
      web.get({ metadata: { annotations: { [REVISION]: '2' } }, status: { updatedReplicas: 1, replicas: 1 } }),
      web.change(ofImage(IMAGE)),
      web.get({ metadata: { annotations: { [REVISION]: '3' } } }),
      sets.list({
        count: 2,
        some: [
          {
            metadata: {
              uid: '${before.items.0.metadata.uid}',
              annotations: { [REVISION]: '3', 'deployment.kubernetes.io/revision-history': '1' },
            },
            spec: { replicas: 1 },
          },
          setOf(NEXT_IMAGE, 0, { metadata: { annotations: { [REVISION]: '2' } } }),
        ],
      }),
    ],
  },
  {
    name: 'a paused Deployment scales and does not roll, and rolls once it is resumed',
    source: `${PAGE}#pausing-and-resuming-a-deployment`,
    nodes: TWO_NODES,
    given: [deployment({ replicas: 1 })],
    steps: [
      rolledOut(),
      web.change({ spec: { paused: true, replicas: 2, ...(ofImage(NEXT_IMAGE)['spec'] as Json) } }),
      web.get({ status: { readyReplicas: 2, observedGeneration: 2 } }),
      web.get({
        status: {
          conditions: [
            { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' },
            { type: 'Available', status: 'True' },
          ],
        },
      }),
      sets.list({ count: 1, some: [setOf(IMAGE, 2)] }, 0),
      web.change({ spec: { paused: false } }),
      pods(2, ofPodImage(NEXT_IMAGE)),
      rolledOut({ updatedReplicas: 2 }),
    ],
  },
  {
    name: 'a Deployment that recreates makes no new pod while an old one is there',
    source: `${PAGE}#recreate-deployment`,
    nodes: TWO_NODES,
    behaviours: { [IMAGE]: { stopMs: Infinity } },
    given: [
      deployment({
        replicas: 2,
        strategy: { type: 'Recreate' },
        template: template(IMAGE, { terminationGracePeriodSeconds: 20 }),
      }),
    ],
    steps: [
      rolledOut(),
      web.change(ofImage(NEXT_IMAGE)),
      { passMs: 10_000 },
      pods(2, { metadata: { deletionTimestamp: /Z$/ }, ...ofPodImage(IMAGE) }, 0),
      pods(2, ofPodImage(NEXT_IMAGE)),
    ],
  },
  {
    name: 'old ReplicaSets beyond the history limit go, the oldest first',
    source: `${PAGE}#clean-up-policy`,
    nodes: TWO_NODES,
    given: [deployment({ replicas: 1, revisionHistoryLimit: 1 })],
    steps: [
      ...[IMAGE, NEXT_IMAGE, 'example.com/web:3'].flatMap((image, at) => [
        web.change(ofImage(image)),
        web.get({ metadata: { annotations: { [REVISION]: String(at + 1) } } }),
        rolledOut({ observedGeneration: at + 1, updatedReplicas: 1, replicas: 1, unavailableReplicas: ABSENT }),
      ]),
      sets.list({ count: 2, some: [setOf(NEXT_IMAGE, 0), setOf('example.com/web:3', 1)] }),
    ],
  },
];
