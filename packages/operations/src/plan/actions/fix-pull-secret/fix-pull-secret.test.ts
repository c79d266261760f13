import { describe, expect, it } from 'vitest';
import {
  ref,
  rehearsedOn,
  remediesOf,
  rollOut,
  workload,
  workloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { fixPullSecret } from './fix-pull-secret.ts';

const WEB = ref('Deployment', 'web');
const IMAGE = 'registry.example.com/private/web:1.0.0';

type Fields = Readonly<Record<string, unknown>>;

function secret(name: string, type = 'kubernetes.io/dockerconfigjson', namespace = 'shop'): Fields {
  const key = type === 'Opaque' ? 'token' : '.dockerconfigjson';
  return { apiVersion: 'v1', kind: 'Secret', type, metadata: { name, namespace }, data: { [key]: 'e30=' } };
}

function account(name: string, ...secrets: readonly string[]): Fields {
  const imagePullSecrets = secrets.map((one) => ({ name: one }));
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' }, imagePullSecrets };
}

/** A private image with a pull secret of this name, beside what is there. */
function pulling(name: string | undefined, there: readonly Fields[], pod: Fields = {}) {
  const named = name === undefined ? {} : { imagePullSecrets: [{ name }] };
  const scene = workloadScene(...there);
  scene.cluster.behave({ image: (asked) => (asked.includes('/private/') ? { needsSecret: true } : undefined) });
  scene.create(workload('Deployment', 'web', { container: { image: IMAGE }, pod: { ...named, ...pod } }));
  scene.wait(20);
  return scene;
}

describe('fix-pull-secret', () => {
  it('finds the name that was mistyped, and the images come', () => {
    const scene = pulling('registry-logni', [secret('registry-login')]);
    expect(remediesOf(scene, fixPullSecret)[0]?.title).toBe('Have Deployment shop/web pull with Secret registry-login');
    expect(rehearsedOn(scene)).toMatchObject({
      before: ['workload-pull-secret-missing'],
      remaining: [],
      held: ['fix-pull-secret'],
    });
  });

  it('takes that of the ServiceAccount, which the name in the template overrides', () => {
    const scene = pulling('unlike', [secret('team-login'), account('runner', 'team-login')], {
      serviceAccountName: 'runner',
    });
    expect(remediesOf(scene, fixPullSecret)[0]?.drafts[0]?.reason).toContain(
      'ServiceAccount runner pulls with team-login',
    );
  });

  it('takes that of the revision before', () => {
    const scene = pulling('team-login', [secret('team-login')]);
    rollOut(scene, WEB, { container: { image: `${IMAGE}-1` }, pod: { imagePullSecrets: [{ name: 'brand-new' }] } });
    scene.wait(20);
    expect(remediesOf(scene, fixPullSecret)[0]?.drafts[0]?.reason).toContain('Revision 1');
  });

  it('corrects the ServiceAccount that names it, and has the pods made again', () => {
    const scene = pulling(undefined, [secret('registry-login'), account('runner', 'registry-logni')], {
      serviceAccountName: 'runner',
    });
    expect(remediesOf(scene, fixPullSecret)[0]?.drafts[0]?.changes).toMatchObject([
      {
        target: { kind: 'ServiceAccount', name: 'runner' },
        patch: { patch: { imagePullSecrets: [{ name: 'registry-login' }] } },
      },
      { target: { kind: 'Deployment', name: 'web' } },
    ]);
    expect(rehearsedOn(scene)).toMatchObject({ remaining: [], held: ['fix-pull-secret'] });
  });

  it('leaves to a person what is not there, whatever Secrets of other types and namespaces are called', () => {
    const scene = pulling('registry-login', [
      secret('registry-logins', 'Opaque'),
      secret('registry-login', undefined, 'other'),
    ]);
    const [remedy] = remediesOf(scene, fixPullSecret);
    expect(remedy?.fit).toBeLessThan(0.5);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { kind: 'manual', instruction: expect.stringContaining('--docker-server=registry.example.com') as string },
    ]);
  });
});
