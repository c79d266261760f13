import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { laneOf, pathText } from './causal-lane.ts';

type Spot = readonly [code: string, kind: string, name: string, severity?: AssessedFinding['severity']];

const idOf = ([code, kind, name]: Spot) => `${code}:${kind}/${name}`;

/** A cause with its chain, given by steps of which each leads to the next; steps that begin alike meet. */
function told(ways: readonly (readonly Spot[])[], workloads: readonly string[]) {
  const spots = new Map(ways.flat().map((spot) => [idOf(spot), spot]));
  const findings = [...spots].map(([id, [code, kind, name, severity = 'high']]) => ({
    ...{ id, code, severity, message: '', evidence: [], facts: {}, group: 'pods' },
    resource: { group: '', version: 'v1', kind, namespace: 'shop', name, uid: '' },
  }));
  const links = ways.flatMap((way) =>
    way.map((spot, i) => {
      const before = way[i - 1];
      return { from: before === undefined ? 'the@cause' : idOf(before), to: idOf(spot), relation: '', evidence: [] };
    }),
  );
  const chain = [...new Map(links.map((link) => [JSON.stringify(link), link])).values()];
  const cause = {
    ...{ id: 'the@cause', title: 'DNS is down', severity: 'critical', chain },
    impact: { pods: 1, workloads, services: 0 },
  } as unknown as AssessedRootCause;
  const byId = new Map(findings.map((finding) => [finding.id, finding as unknown as AssessedFinding]));
  return { cause, lane: laneOf(cause, byId), path: pathText(laneOf(cause, byId), cause) };
}

const CRASH: Spot = ['container-crash-loop', 'Pod', 'dns-1'];
const SHORT: Spot = ['deployment-unavailable', 'Deployment', 'dns', 'critical'];
const EMPTY: Spot = ['service-without-endpoints', 'Service', 'dns'];

describe('the way from a cause to what fails', () => {
  it('goes on to what people notice, not only to the workload', () => {
    const { path } = told([[CRASH, SHORT, EMPTY]], ['Deployment shop/dns']);
    expect(path).toBe(
      'Container is crash-looping → Deployment lacks available replicas → Service shop/dns has no ready endpoint',
    );
  });

  it('keeps apart what crashes first and what crashes because of it', () => {
    const { path, lane } = told(
      [
        [
          CRASH,
          SHORT,
          EMPTY,
          ['container-crash-loop', 'Pod', 'web-1'],
          ['deployment-unavailable', 'Deployment', 'web'],
        ],
        [
          CRASH,
          SHORT,
          EMPTY,
          ['container-crash-loop', 'Pod', 'api-1'],
          ['deployment-unavailable', 'Deployment', 'api'],
        ],
      ],
      ['Deployment shop/dns', 'Deployment shop/web', 'Deployment shop/api'],
    );
    expect(path).toBe(
      'Container is crash-looping → Deployment shop/dns lacks available replicas → Service shop/dns has no ready endpoint → ' +
        'Container is crash-looping (2) → Deployment lacks available replicas (2)',
    );
    expect(new Set(lane.nodes.map(({ key }) => key)).size).toBe(lane.nodes.length);
  });

  it('follows what fails rather than what is merely worth knowing', () => {
    const budget: Spot = ['disruption-budget-unhealthy', 'PodDisruptionBudget', 'dns', 'medium'];
    expect(
      told(
        [
          [CRASH, SHORT],
          [CRASH, budget, ['drain-impossible', 'Node', 'a', 'medium']],
        ],
        [],
      ).path,
    ).toMatch(/Deployment shop\/dns lacks available replicas$/);
  });

  it('ends where findings bring each other about', () => {
    const { lane } = told([[CRASH, SHORT, EMPTY, CRASH]], []);
    expect(lane.nodes.map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
  });
});
