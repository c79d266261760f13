import { describe, expect, it } from 'vitest';
import { PodProfile } from '../../scheduling/pod-profile.ts';
import { mayHelp, type ClusterEvent } from './queueing-hints.ts';
import { nodeObject, podObject, type NodeSample, type PodSample } from './scheduler.suite.ts';

const profile = (sample: PodSample = {}, name = 'other') => new PodProfile(podObject(name, sample));
const added = (sample?: NodeSample): ClusterEvent => ({ kind: 'node', node: nodeObject('n1', sample) });
const changed = (before: NodeSample, now: NodeSample): ClusterEvent => ({
  kind: 'node',
  node: nodeObject('n1', now),
  previous: nodeObject('n1', before),
});
const gone = (sample?: PodSample): ClusterEvent => ({ kind: 'pod-gone', pod: profile(sample) });
const placed = (sample?: PodSample): ClusterEvent => ({ kind: 'pod', pod: profile(sample) });
const WEB: PodSample = { labels: { app: 'web' } };
const term = [{ topologyKey: 'rack', labelSelector: { matchLabels: { app: 'web' } } }];
const near: PodSample = {
  spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term } } },
};
const apart: PodSample = {
  spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term } } },
};
const spread: PodSample = {
  spec: {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'rack',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
      },
    ],
  },
};
const RACK: NodeSample = { labels: { rack: '1' } };
const TAINTED: NodeSample = { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } };
const data: PodSample = { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } };

interface Case {
  readonly what: string;
  readonly plugin: string;
  readonly pod: PodSample;
  readonly event: ClusterEvent;
  readonly helps: boolean;
}

const CASES: readonly Case[] = [
  { what: 'a pod that leaves gives room', plugin: 'NodeResourcesFit', pod: {}, event: gone(), helps: true },
  { what: 'a pod that comes gives none', plugin: 'NodeResourcesFit', pod: {}, event: placed(), helps: false },
  {
    what: 'a node that is large enough',
    plugin: 'NodeResourcesFit',
    pod: { requests: { cpu: '4' } },
    event: added(),
    helps: true,
  },
  {
    what: 'a node that is too small even empty',
    plugin: 'NodeResourcesFit',
    pod: { requests: { cpu: '5' } },
    event: added(),
    helps: false,
  },
  {
    what: 'a node that grows',
    plugin: 'NodeResourcesFit',
    pod: {},
    event: changed({}, { capacity: { cpu: '8' } }),
    helps: true,
  },
  {
    what: 'a node that gets a label gives no room',
    plugin: 'NodeResourcesFit',
    pod: {},
    event: changed({}, RACK),
    helps: false,
  },
  {
    what: 'a label that is wanted',
    plugin: 'NodeAffinity',
    pod: { spec: { nodeSelector: { rack: '1' } } },
    event: changed({}, RACK),
    helps: true,
  },
  {
    what: 'a label that is not',
    plugin: 'NodeAffinity',
    pod: { spec: { nodeSelector: { rack: '2' } } },
    event: changed({}, RACK),
    helps: false,
  },
  {
    what: 'a label that was there before',
    plugin: 'NodeAffinity',
    pod: { spec: { nodeSelector: { rack: '1' } } },
    event: changed(RACK, { ...RACK, ...TAINTED }),
    helps: false,
  },
  { what: 'a taint that goes', plugin: 'TaintToleration', pod: {}, event: changed(TAINTED, {}), helps: true },
  { what: 'a node with a taint', plugin: 'TaintToleration', pod: {}, event: added(TAINTED), helps: false },
  {
    what: 'a node that is uncordoned',
    plugin: 'NodeUnschedulable',
    pod: {},
    event: changed({ spec: { unschedulable: true } }, {}),
    helps: true,
  },
  {
    what: 'a port that becomes free',
    plugin: 'NodePorts',
    pod: { container: { ports: [{ containerPort: 1, hostPort: 80 }] } },
    event: gone({ container: { ports: [{ containerPort: 1, hostPort: 80 }] } }),
    helps: true,
  },
  {
    what: 'another port that becomes free',
    plugin: 'NodePorts',
    pod: { container: { ports: [{ containerPort: 1, hostPort: 80 }] } },
    event: gone({ container: { ports: [{ containerPort: 1, hostPort: 81 }] } }),
    helps: false,
  },
  { what: 'the wanted neighbour comes', plugin: 'InterPodAffinity', pod: near, event: placed(WEB), helps: true },
  { what: 'the unwanted neighbour comes', plugin: 'InterPodAffinity', pod: apart, event: placed(WEB), helps: false },
  { what: 'the unwanted neighbour leaves', plugin: 'InterPodAffinity', pod: apart, event: gone(WEB), helps: true },
  {
    what: 'a neighbour leaves that did not want the pod',
    plugin: 'InterPodAffinity',
    pod: WEB,
    event: gone(apart),
    helps: true,
  },
  { what: 'a stranger leaves', plugin: 'InterPodAffinity', pod: apart, event: gone(), helps: false },
  { what: 'one of the spread group leaves', plugin: 'PodTopologySpread', pod: spread, event: gone(WEB), helps: true },
  { what: 'another pod leaves', plugin: 'PodTopologySpread', pod: spread, event: gone(), helps: false },
  { what: 'a node of a new domain', plugin: 'PodTopologySpread', pod: spread, event: added(RACK), helps: true },
  { what: 'a node of no domain', plugin: 'PodTopologySpread', pod: spread, event: added(), helps: false },
  {
    what: 'a domain that goes',
    plugin: 'PodTopologySpread',
    pod: spread,
    event: { kind: 'node-gone', node: nodeObject('n1', RACK) },
    helps: true,
  },
  {
    what: 'the claim of the pod',
    plugin: 'VolumeBinding',
    pod: data,
    event: { kind: 'storage', claim: 'shop/data' },
    helps: true,
  },
  {
    what: 'the claim of another',
    plugin: 'VolumeBinding',
    pod: data,
    event: { kind: 'storage', claim: 'shop/other' },
    helps: false,
  },
  { what: 'a new volume', plugin: 'VolumeBinding', pod: data, event: { kind: 'storage' }, helps: true },
];

describe('mayHelp', () => {
  it.each(CASES)('$plugin: $what: $helps', ({ plugin, pod, event, helps }) => {
    expect(mayHelp(plugin, event, profile(pod, 'waiting'))).toBe(helps);
  });
});
