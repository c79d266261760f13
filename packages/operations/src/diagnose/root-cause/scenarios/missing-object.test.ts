/** Objects that do not exist: each absence is one cause, and what was merely not read is none. */
import { describe, expect, it } from 'vitest';
import { ago, HOUR, running } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

function ingress(scene: Scene, name: string, service: string, className = 'public'): Made {
  const paths = [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }];
  return scene.add('networking.k8s.io/v1', 'Ingress', name, 'shop', {
    spec: { ingressClassName: className, rules: [{ host: `${name}.example.com`, http: { paths } }] },
  });
}

function ingressClass(scene: Scene, name: string): void {
  scene.add('networking.k8s.io/v1', 'IngressClass', name, undefined, { spec: { controller: 'example.com/edge' } });
}

function set(scene: Scene, name: string, spec: Record<string, unknown>, ready: number): void {
  const labels = { app: name };
  scene.add('apps/v1', 'StatefulSet', name, 'shop', {
    spec: {
      replicas: 1,
      serviceName: '',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image: 'x:1' }] } },
      ...spec,
    },
    status: { observedGeneration: 1, replicas: ready, readyReplicas: ready, availableReplicas: ready },
  });
}

describe('an object that several others name', () => {
  it('is one cause for all Ingresses of a class that does not exist', () => {
    const scene = new Scene();
    scene.deployment('web', { pods: [running(scene.node('n1'))] });
    scene.service('web');
    ingressClass(scene, 'internal');
    for (const name of ['a', 'b', 'c']) ingress(scene, name, 'web');
    ingress(scene, 'd', 'web', 'internal');

    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['ingress-class-missing IngressClass public 0']);
    expect(causeOf(diagnosis, 'ingress-class-missing')).toMatchObject({
      title: 'IngressClass public does not exist',
      statement: expect.stringContaining('Ingress shop/a, Ingress shop/b, Ingress shop/c refer to') as string,
    });
  });

  it('is one cause across kinds: a Service that an Ingress and a StatefulSet name', () => {
    const scene = new Scene();
    ingressClass(scene, 'public');
    scene.service('other');
    ingress(scene, 'a', 'db');
    set(scene, 'db', { serviceName: 'db' }, 1);

    const causes = causesOf(scene.assess()).filter((cause) => cause.includes('shop/db'));
    expect(causes).toEqual(['ingress-backend-missing Service shop/db 0']);
  });

  it('leaves one that a single object names with that object', () => {
    const scene = new Scene();
    ingressClass(scene, 'internal');
    scene.deployment('web', { pods: [running(scene.node('n1'))] });
    scene.service('web');
    ingress(scene, 'a', 'web');
    expect(causesOf(scene.assess())).toEqual(['ingress-class-missing Ingress shop/a 0']);
  });

  it('is none where it was merely not read', () => {
    const scene = new Scene();
    for (const name of ['a', 'b']) ingress(scene, name, 'web');
    const webhook = (name: string) => ({
      name: `${name}.example.com`,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { service: { namespace: 'far', name: 'hooks' } },
      rules: [{ operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }],
    });
    for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'])
      scene.add('admissionregistration.k8s.io/v1', kind, 'hooks', undefined, { webhooks: [webhook('a')] });

    const { findings, rootCauses } = scene.assess();
    expect(rootCauses).toEqual([]);
    expect(new Set(findings.map(({ severity }) => severity)).has('high')).toBe(false);
    expect(findings.filter(({ code }) => code === 'webhook-backend-unavailable')).toHaveLength(2);
  });
});

describe('the governing Service of a StatefulSet', () => {
  it('does not explain a pod that does not exist', () => {
    const scene = new Scene();
    scene.service('other');
    scene.deployment('web', { pods: [running(scene.node('n1'))] });
    set(scene, 'db', { serviceName: 'db' }, 0);
    expect(causesOf(scene.assess()).toSorted()).toEqual([
      'stateful-set-service-missing StatefulSet shop/db 0',
      'stateful-set-unavailable StatefulSet shop/db 0',
    ]);
  });
});

describe('several findings of one code about one object', () => {
  it('are one cause that tells all of them', () => {
    const scene = new Scene();
    const conditions = ['MemoryPressure', 'DiskPressure'].map((type) => ({
      type,
      status: 'True',
      reason: `Has${type}`,
    }));
    scene.node('n1', { conditions });

    const { rootCauses } = scene.assess();
    expect(rootCauses.map(({ id }) => id)).toEqual(['node-pressure@/Node//n1']);
    expect(rootCauses[0]?.statement).toMatch(/memory[^]*disk|disk[^]*memory/);
    expect(rootCauses[0]?.explains).toHaveLength(2);
  });
});

describe('workloads that no controller looks at', () => {
  const changed = (scene: Scene, name: string) => {
    const labels = { app: name };
    scene.add('apps/v1', 'Deployment', name, 'shop', {
      metadata: { generation: 3, managedFields: [{ manager: 'kubectl', operation: 'Update', time: ago(HOUR) }] },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: {} } },
      status: { observedGeneration: 2, replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1 },
    });
  };

  it('have one cause together, and a single one its own', () => {
    const one = new Scene();
    changed(one, 'a');
    expect(causesOf(one.assess())).toEqual(['workload-not-observed Deployment shop/a 0']);
    const both = new Scene();
    for (const name of ['a', 'b']) changed(both, name);
    expect(causesOf(both.assess())).toEqual(['workload-not-observed Cluster controllers 0']);
  });
});
