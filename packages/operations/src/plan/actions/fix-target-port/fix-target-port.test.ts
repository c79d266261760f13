import { describe, expect, it } from 'vitest';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { fixTargetPort } from './fix-target-port.ts';

const ONE = [{ name: 'http', containerPort: 8080 }];
const TWO = [...ONE, { name: 'metrics', containerPort: 9090 }];
const THREE = [
  { name: 'alpha', containerPort: 7001 },
  { name: 'beta', containerPort: 7002 },
];

function scene(port: Readonly<Record<string, unknown>>, ports: readonly Readonly<Record<string, unknown>>[]) {
  return sceneOf([namespaceOf('shop'), deploymentOf('web', { ports }), serviceOf('web', { ports: [port] })]);
}

function targetFor(port: Readonly<Record<string, unknown>>, ports: typeof ONE): unknown {
  const { remedies } = proposedFor(scene(port, ports).observe(), fixTargetPort);
  const [change] = remedies[0]?.drafts[0]?.changes ?? [];
  return change?.kind === 'patch' && change.patch.type === 'json' ? change.patch.operations[1]?.value : undefined;
}

describe('fix-target-port', () => {
  it.each([
    ['the only port', { port: 80, targetPort: 'web-api' }, ONE, 'http'],
    ['the port of a similar name', { port: 80, targetPort: 'metric' }, TWO, 'metrics'],
    ['the port with the name of the Service port', { name: 'http', port: 80, targetPort: 'x-y' }, TWO, 'http'],
    ['the port with the number of the Service port', { port: 9090, targetPort: 'x-y' }, TWO, 'metrics'],
    ['none where nothing tells which', { port: 80, targetPort: 'x-y' }, THREE, undefined],
  ])('takes %s', (_, port, ports, expected) => {
    expect(targetFor(port, ports)).toBe(expected);
  });

  it('gives the port its endpoints back', () => {
    const { held, strategy } = strategyFor(scene({ port: 80, targetPort: 'web-api' }, ONE).observe());
    expect(held.some((id) => id.startsWith('fix-target-port:'))).toBe(true);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id)).not.toContainEqual(
      expect.stringContaining('service-target-port-missing'),
    );
  });
});
