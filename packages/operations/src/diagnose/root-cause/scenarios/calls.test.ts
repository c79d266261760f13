/** Calls that fail: of Services that are dead, that do not exist, that do not answer, and of hosts outside the cluster. */
import { describe, expect, it } from 'vitest';
import { ago, crashing, HOUR, MINUTE, pending, running, unready, waiting, type PodState } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

const NO_NODE =
  "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";

const saying = (node: string, message: string): PodState => crashing(node, { reason: 'Error', exitCode: 1, message });

/** A database that has had no node for so long, and its Service. */
function database(scene: Scene, ageMs: number): void {
  scene.service('db');
  scene.deployment('db', { spec: { nodeSelector: { disk: 'nvme' } }, pods: [pending(NO_NODE, ageMs)] });
}

/** Of such a database, and of what is configured to call it: ready from the first moment until so long ago. */
function torn(lostMs: number, madeMs = 20 * HOUR): string[] {
  const scene = new Scene();
  const node = scene.node('n');
  database(scene, 40 * MINUTE);
  scene.service('api');
  const [pod] = scene.deployment('api', {
    container: {
      env: [{ name: 'DB_URL', value: 'postgres://db:5432/app' }],
      readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
    },
    pods: [{ ...unready(node, lostMs), ageMs: madeMs }],
  });
  scene.event(pod as Made, 'Warning', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503', {
    firstTimestamp: ago(lostMs),
  });
  return causesOf(scene.assess()).map((cause) => cause.split(' ').slice(0, 3).join(' '));
}

const DATABASE = 'node-affinity-unmatched Deployment shop/db';
const API = 'program-not-ready Deployment shop/api';

describe('what was ready until just after what it is configured to call went', () => {
  it('follows from that', () => {
    expect(torn(38 * MINUTE)).toEqual([DATABASE]);
  });

  it.each([
    ['failed before', 3 * HOUR, 20 * HOUR],
    ['failed long after', 20 * MINUTE, 20 * HOUR],
    ['was never in service', 38 * MINUTE, 38 * MINUTE],
  ])('has a cause of its own where it %s', (_, lostMs, madeMs) => {
    expect(torn(lostMs, madeMs).toSorted()).toEqual([DATABASE, API].toSorted());
  });
});

describe('two that are configured to call each other and failed together', () => {
  it('prove nothing', () => {
    const scene = new Scene();
    const node = scene.node('n');
    for (const [name, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      scene.service(name);
      const [pod] = scene.deployment(name, {
        container: { env: [{ name: 'PEER', value: `http://${other}:8080` }] },
        pods: [{ ...unready(node, 38 * MINUTE), ageMs: 20 * HOUR }],
      });
      scene.event(
        pod as Made,
        'Warning',
        'Unhealthy',
        'Readiness probe failed: HTTP probe failed with statuscode: 503',
        {
          firstTimestamp: ago(38 * MINUTE),
        },
      );
    }
    expect(causesOf(scene.assess()).toSorted()).toEqual([
      'program-not-ready Deployment shop/a 1',
      'program-not-ready Deployment shop/b 1',
    ]);
  });
});

describe('an init container that waits', () => {
  const initWaiting = (node: string): PodState => ({
    node,
    phase: 'Pending',
    ageMs: 50 * MINUTE,
    status: ({ containers }) => ({
      initContainerStatuses: [
        {
          name: 'wait',
          image: 'busybox:1.36',
          imageID: 'x',
          ready: false,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: ago(50 * MINUTE) } },
          lastState: {},
        },
      ],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason: 'PodInitializing' } },
        lastState: {},
      })),
    }),
  });
  const scene = (script: string): string[] => {
    const made = new Scene();
    const node = made.node('n');
    database(made, 55 * MINUTE);
    const init = { name: 'wait', image: 'busybox:1.36', command: ['sh', '-c', script] };
    made.deployment('api', { spec: { initContainers: [init] }, pods: [initWaiting(node), initWaiting(node)] });
    return causesOf(made.assess());
  };

  it('for a Service that its command names follows from what stops that', () => {
    expect(scene('until nc -z db 5432; do sleep 2; done')).toEqual(['node-affinity-unmatched Deployment shop/db 3']);
  });

  it('for what it does not say is one cause for all pods of its workload', () => {
    expect(scene('sleep 100000').toSorted()).toEqual([
      'container-init-blocked Deployment shop/api 2',
      'node-affinity-unmatched Deployment shop/db 1',
    ]);
  });
});

describe('programs that say in their last words what they could not call', () => {
  const said = (...messages: readonly string[]) => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('store', { spec: { clusterIP: '10.12.4.88' } });
    scene.deployment('store', { pods: [running(node)] });
    messages.forEach((message, i) => scene.deployment(`app-${i}`, { pods: [saying(node, message)] }));
    return scene.assess();
  };

  it('a host outside the cluster that several miss is one cause', () => {
    const assessment = said(
      'dial tcp: connect to db.prod.example.net:5432: connection refused',
      'Is the server running on host "db.prod.example.net" (203.0.113.7)?\ncould not connect to server: Connection timed out on host "db.prod.example.net"',
    );
    expect(causesOf(assessment)).toEqual(['host-unreachable Host db.prod.example.net 2']);
    expect(causeOf(assessment, 'host-unreachable').statement).toContain('Deployment shop/app-0, Deployment shop/app-1');
  });

  it('a Service that does not exist', () => {
    expect(causesOf(said('dial tcp: lookup stoer.shop.svc.cluster.local on 10.12.0.10:53: no such host'))).toEqual([
      'service-name-unknown Service shop/stoer 1',
    ]);
  });

  it.each(['store:8080', '10.12.4.88:8080'])('a Service whose pods are ready, as %s', (host) => {
    expect(causesOf(said(`dial tcp ${host}: i/o timeout`))).toEqual(['service-unreachable Service shop/store 1']);
  });

  it.each([
    ['itself', 'dial tcp 127.0.0.1:9000: connect: connection refused'],
    ['a place in a program', 'server.go:112: shutting down: deadline exceeded'],
    ['a time of day', '11:50:22 request timed out'],
    [
      'what came before another end',
      "cache.example.com:6379: connection refused, going on without\npanic: 'FLAGS' unset",
    ],
    ['a host that it did reach', 'connected to cache.example.com:6379\nKeyError: FLAGS'],
  ])('%s is none', (_, message) => {
    const assessment = said(message);
    expect(causesOf(assessment)).toEqual(['program-fails Deployment shop/app-0 1']);
  });

  it('what else they say is quoted', () => {
    const { statement } = causeOf(said("loading\nKeyError: 'FLAGS'\n"), 'program-fails');
    expect(statement).toContain('It says "KeyError: \'FLAGS\'".');
  });
});

describe('a name service that is ready and does not answer', () => {
  it('is one cause for all that say so', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('dns', { spec: { clusterIP: '10.12.0.10' } });
    scene.deployment('dns', { pods: [running(node)] });
    const message =
      'dial tcp: lookup api.example.com on 10.12.0.10:53: read udp 10.8.0.8:512->10.12.0.10:53: i/o timeout';
    for (const name of ['a', 'b']) scene.deployment(name, { pods: [saying(node, message)] });
    expect(causesOf(scene.assess())).toEqual(['service-unreachable Service shop/dns 2']);
  });
});

describe('the pods of a StatefulSet by their own names', () => {
  it.each(['db-0.db:9092', 'db-0.db.shop.svc.cluster.local:9092'])('as %s follow from what stops them', (host) => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.statefulSet('db', { pods: [saying(node, 'No space left on device')] });
    scene.deployment('api', { pods: [saying(node, `Connect to ${host} failed: Connection refused`)] });
    expect(causesOf(scene.assess())).toEqual(['program-fails StatefulSet shop/db 2']);
  });
});

describe('a dead Service', () => {
  it('that libpq names without a port is what the caller fails for', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('db');
    scene.deployment('db', { pods: [waiting(node, 'CreateContainerConfigError', 'secret "db-auth" not found')] });
    scene.deployment('api', {
      pods: [saying(node, 'connection to server at "db" (10.12.4.77), port 5432 failed: Connection refused')],
    });
    expect(causesOf(scene.assess())).toHaveLength(1);
  });

  it('is not the name service where that says that a name does not exist', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('dns', { spec: { clusterIP: '10.12.0.10', selector: { app: 'none' } } });
    scene.deployment('api', {
      pods: [saying(node, 'dial tcp: lookup stoer.shop.svc.cluster.local on 10.12.0.10:53: no such host')],
    });
    expect(causesOf(scene.assess())).toContain('service-name-unknown Service shop/stoer 1');
  });
});
