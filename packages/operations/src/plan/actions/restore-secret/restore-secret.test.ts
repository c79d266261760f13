import { describe, expect, it } from 'vitest';
import { remediesOf, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { restoreSecret } from './restore-secret.ts';

const env = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } }];
const WEB = workload('Deployment', 'web', { container: { env } });
const secret = (namespace: string, key: string) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'api', namespace } },
  data: { [key]: 'aHVudGVyMg==' },
});

function instruction(...objects: readonly Readonly<Record<string, unknown>>[]): string {
  const unrelated = { ...secret('shop', 'x'), metadata: { name: 'unrelated', namespace: 'shop' } };
  const [remedy] = remediesOf(workloadScene(WEB, unrelated, ...objects), restoreSecret);
  const [change] = remedy?.drafts[0]?.changes ?? [];
  return change?.kind === 'manual' ? change.instruction : '';
}

describe('restore-secret', () => {
  it('names the keys that are needed and who waits', () => {
    expect(instruction()).toMatch(/Secret shop\/api back with the key token\..*Deployment web in namespace shop/s);
  });

  it('tells of the same Secret elsewhere, and never of its values', () => {
    const said = instruction(secret('staging', 'token'));
    expect(said).toContain('kubectl get secret api -n staging');
    expect(said).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('passes over one elsewhere that lacks the key', () => {
    expect(instruction(secret('staging', 'other'))).not.toContain('staging');
  });
});
