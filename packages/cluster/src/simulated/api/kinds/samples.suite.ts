/** Objects of some kinds that lack much, for laws about all kinds. */
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Json } from '../../../model/unknown-json.ts';
import { STRATEGIES } from '../strategies.ts';
import type { DefaultRule } from './default-rule.ts';

const containers = [
  {
    name: 'a',
    image: 'a',
    resources: { limits: { cpu: '0.5' } },
    livenessProbe: { httpGet: { port: 1 } },
    env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    ports: [{ containerPort: 1 }],
  },
];
const spec = {
  hostNetwork: true,
  containers,
  initContainers: containers,
  volumes: [{ name: 'a' }, { name: 'b', secret: {} }],
};
const template = { spec };
const metadata = { name: 'x' };

/** By `group/Kind`. */
export const SAMPLES: Readonly<Record<string, Json>> = {
  '/Pod': { metadata, spec },
  '/PodTemplate': { metadata, template },
  '/ReplicationController': { metadata, spec: { template: { metadata: { labels: { a: 'b' } }, spec } } },
  'apps/Deployment': { metadata, spec: { template } },
  'apps/StatefulSet': { metadata, spec: { template, volumeClaimTemplates: [{ metadata }] } },
  'batch/CronJob': { metadata, spec: { jobTemplate: { spec: { template } } } },
  'batch/Job': { metadata, spec: { template, podFailurePolicy: { rules: [{ onPodConditions: [{ type: 'a' }] }] } } },
  '/Service': { metadata, spec: { type: 'LoadBalancer', sessionAffinity: 'ClientIP', ports: [{ port: 1 }] } },
  '/LimitRange': { metadata, spec: { limits: [{ type: 'Container', max: { cpu: '2000m' }, min: { memory: '1Mi' } }] } },
  '/Secret': { metadata, stringData: { a: 'b' } },
  '/Node': { metadata, status: { capacity: { cpu: '4000m' } } },
  'autoscaling/HorizontalPodAutoscaler': { metadata, spec: { behavior: { scaleUp: { selectPolicy: 'Min' } } } },
  'networking.k8s.io/NetworkPolicy': { metadata, spec: { egress: [{ ports: [{ port: 1 }] }] } },
};

/** The defaults of each kind that has any. */
export const KINDS_WITH_DEFAULTS: readonly (readonly [string, DefaultRule])[] = [...STRATEGIES].flatMap(
  ([kind, { defaults }]) =>
    defaults === undefined
      ? []
      : [[kind, (value: Json) => defaults(value as unknown as KubeObject) as unknown as Json] as const],
);
