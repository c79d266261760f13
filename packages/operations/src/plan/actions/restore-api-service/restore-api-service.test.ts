import { describe, expect, it } from 'vitest';
import { examineAsRead } from '../../../diagnose/rule.suite.ts';
import { deployment, planningOf, proposalsOf } from '../../trial.suite.ts';
import { restoreApiService } from './restore-api-service.ts';

const apiService = {
  ...{ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.widgets.acme.dev' } },
  spec: {
    ...{ group: 'widgets.acme.dev', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 },
    service: { namespace: 'shop', name: 'widgets' },
  },
  status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints', message: 'no endpoints' }] },
};
const service = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'widgets', namespace: 'shop' } },
  spec: { selector: { app: 'widgets' }, ports: [{ port: 443 }] },
};

/** What the first proposal would do, where the APIService is down. */
function changesFor(...objects: readonly unknown[]) {
  const observedAt = '2025-09-27T12:00:00Z';
  const planning = planningOf(examineAsRead({ objects: [apiService, ...objects], observedAt }).snapshot);
  return proposalsOf(restoreApiService, planning)
    .filter(({ resolves }) => resolves.some((id) => id.includes('widgets')))
    .flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes));
}

describe('restore-api-service', () => {
  it('restarts it where it runs', () => {
    expect(changesFor(service, deployment('widgets'))).toMatchObject([{ kind: 'patch', target: { name: 'widgets' } }]);
  });

  it('leaves what was not read to a person', () => {
    expect(changesFor()).toMatchObject([{ kind: 'manual' }]);
  });
});
