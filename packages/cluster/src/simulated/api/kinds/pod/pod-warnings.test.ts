import { describe, expect, it } from 'vitest';
import { podWarnings } from './pod-warnings.ts';

describe('podWarnings', () => {
  it('say in the words of the API server what is not meant so', () => {
    const spec = {
      nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
      volumes: [{ name: 'a', rbd: {} }],
      imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}],
      topologySpreadConstraints: [{ topologyKey: 'failure-domain.beta.kubernetes.io/zone' }],
      containers: [
        {
          name: 'a',
          resources: { requests: { memory: '100m' } },
          env: [
            { name: 'A', value: 'a' },
            { name: 'A', value: '$(A)b' },
            { name: 'A', value: 'c' },
          ],
          ports: [
            { containerPort: 80, protocol: 'TCP' },
            { containerPort: 80, protocol: 'TCP' },
          ],
        },
      ],
    };
    expect(podWarnings('spec.template.spec', spec)).toEqual([
      'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.template.spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
      'spec.template.spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod',
      'spec.template.spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+',
      'spec.template.spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.template.spec.imagePullSecrets[2].name: invalid empty name ""',
      'spec.template.spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
      'spec.template.spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply',
      'spec.template.spec.containers[0].ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]',
    ]);
  });
});
