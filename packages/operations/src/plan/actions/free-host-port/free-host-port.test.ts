import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { freeHostPort } from './free-host-port.ts';

const agent = {
  ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'shop' } },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: {
        containers: [
          { name: 'agent', image: 'registry.example.com/agent:1', ports: [{ containerPort: 9000, hostPort: 9000 }] },
        ],
      },
    },
  },
};
const port = { ports: [{ containerPort: 8080, hostPort: 9000 }] };

describe('free-host-port', () => {
  it('takes the host port out and leaves the port of the container', () => {
    const cluster = clusterWith([agent]);
    put(cluster, [deployment('web', {}, port)]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(freeHostPort, planning);
    const [change] = best?.drafts[0]?.changes ?? [];
    expect(JSON.stringify(change)).toContain('/containers/0/ports/0/hostPort');
    expect(tried([freeHostPort], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});
