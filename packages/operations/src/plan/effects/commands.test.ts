import type { Change, CloudCall, Patch } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BASE, SETTINGS, snapshotWith, WEB } from './changes.suite.ts';
import { changedObjects } from './changed-objects.ts';
import { PROJECT_NUMBER } from './cloud-commands.ts';
import { stepsOf } from './commands.ts';

const POOL = {
  name: 'main',
  machineType: 'e2-standard-4',
  diskType: 'pd-ssd',
  diskSizeGb: 50,
  spot: true,
  zones: ['us-central1-a', 'us-central1-b'],
  autoscaling: undefined,
  initialNodes: 2,
  privateNodes: true,
};
const PLACE = { cluster: 'prod', location: 'us-central1', project: 'shop', nodePools: [POOL] };

function step(change: Change) {
  const snapshot = snapshotWith(BASE);
  const [only] = stepsOf([change], changedObjects([change], snapshot), PLACE);
  return only as NonNullable<typeof only>;
}
const patched = (patch: Patch, target = WEB) => step({ kind: 'patch', target, patch }).command;
const merged = (patch: Record<string, unknown>, target = WEB) => patched({ type: 'merge', patch }, target);
const container = (more: Record<string, unknown>): Patch => ({
  type: 'strategic',
  patch: { spec: { template: { spec: { containers: [{ name: 'app', ...more }] } } } },
});

describe('a line that a kind of action writes itself', () => {
  const deleted = (name: string) => {
    const change: Change = { kind: 'delete', target: { group: '', kind: 'Pod', namespace: 'shop', name } };
    return stepsOf([change], [], PLACE, { overrides: [`kubectl delete pod ${name} --now`] })[0]?.command;
  };

  it('stands in place of the derived one, unless the name would be more than a word in it', () => {
    expect(deleted('web-0')).toBe('kubectl delete pod web-0 --now');
    expect(deleted('w;id;$(id)')).toBe("kubectl delete 'pod/w;id;$(id)' -n shop");
    expect(deleted('--all')).not.toContain('--now');
  });
});

describe('a change as a person would make it', () => {
  it('uses the verb that kubectl has for it', () => {
    expect(patched(container({ image: 'registry.example/app:2' }))).toBe(
      'kubectl set image deployment/web -n default app=registry.example/app:2',
    );
    expect(
      patched(container({ resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } } })),
    ).toBe(
      'kubectl set resources deployment/web -n default -c app --requests=cpu=50m,memory=64Mi --limits=memory=128Mi',
    );
    expect(merged({ spec: { replicas: 5 } })).toBe('kubectl scale deployment/web -n default --replicas=5');
    expect(merged({ spec: { paused: true } })).toBe('kubectl rollout pause deployment/web -n default');
    expect(
      merged({ spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } }),
    ).toBe('kubectl rollout restart deployment/web -n default');
    expect(merged({ metadata: { labels: { tier: 'back', new: 'x' } } })).toBe(
      'kubectl label deployment/web -n default --overwrite tier=back new=x',
    );
    expect(merged({ metadata: { labels: { tier: null } } })).toBe('kubectl label deployment/web -n default tier-');
    expect(step({ kind: 'scale', target: WEB, replicas: 0 }).command).toBe(
      'kubectl scale deployment/web -n default --replicas=0',
    );
    expect(step({ kind: 'delete', target: WEB, propagationPolicy: 'Foreground', gracePeriodSeconds: 0 }).command).toBe(
      'kubectl delete deployment/web -n default --grace-period=0 --force --cascade=foreground',
    );
  });

  it('writes short patches into the line, long ones into a file', () => {
    expect(merged({ data: { mode: "it's" } }, SETTINGS)).toBe(
      `kubectl patch configmap/settings -n default --type=merge -p '{"data":{"mode":"it'\\''s"}}'`,
    );
    const long = { data: { more: 'x'.repeat(500) } };
    const { command, file, manifest } = step({
      kind: 'patch',
      target: SETTINGS,
      patch: { type: 'merge', patch: long },
    });
    expect(command).toBe(
      'kubectl patch configmap/settings -n default --type=merge --patch-file=configmap-settings.patch.yaml',
    );
    expect(file).toBe('configmap-settings.patch.yaml');
    expect(parse(manifest ?? '')).toEqual(long);
  });

  it('does not say with `set resources` what takes a limit away', () => {
    expect(
      patched({
        type: 'json',
        operations: [{ op: 'remove', path: '/spec/template/spec/containers/0/resources/requests/cpu' }],
      }),
    ).toMatch(/^kubectl patch .* --type=json -p /);
  });

  it('gives two files two names', () => {
    const long = (data: string): Change => ({
      kind: 'patch',
      target: SETTINGS,
      patch: { type: 'merge', patch: { data: { a: data.repeat(300) } } },
    });
    const changes = [long('x'), long('y')];
    const steps = stepsOf(changes, [], PLACE);
    expect(new Set(steps.map(({ file }) => file)).size).toBe(2);
    expect(steps.every(({ command, file = '' }) => command.endsWith(file))).toBe(true);
  });

  it('names kinds of others with their group', () => {
    const target = { group: 'networking.istio.io', kind: 'Gateway', namespace: 'mesh', name: 'front' };
    expect(step({ kind: 'delete', target }).command).toBe('kubectl delete gateway.networking.istio.io/front -n mesh');
  });

  it('keeps hostile names and instructions from becoming commands', () => {
    const target = { ...WEB, name: '$(reboot)`x`', namespace: 'a; rm -rf /' };
    expect(step({ kind: 'delete', target }).command).toBe("kubectl delete 'deployment/$(reboot)`x`' -n 'a; rm -rf /'");
    expect(step({ kind: 'manual', instruction: 'ask\nrm -rf /\r\nplease' }).command).toBe(
      '# ask\n# rm -rf /\n# please',
    );
    expect(step({ kind: 'delete', target: { ...WEB, name: 'a\nb' } }).command).toBe(
      "kubectl delete $'deployment/a\\u000ab' -n default",
    );
    expect(step({ kind: 'cloud', call: { operation: 'delete-node-pool', pool: '--quiet' } }).command).toMatch(/^# /);
  });
});

describe('gcloud', () => {
  it.each<[CloudCall, string]>([
    [
      { operation: 'resize-node-pool', pool: 'main', from: 2, to: 6 },
      'gcloud container clusters resize prod --node-pool=main --num-nodes=3 --location=us-central1 --project=shop --quiet',
    ],
    [
      { operation: 'set-pool-autoscaling', pool: 'main', to: { minNodes: 1, maxNodes: 4 } },
      'gcloud container node-pools update main --cluster=prod --location=us-central1 --project=shop --enable-autoscaling --total-min-nodes=1 --total-max-nodes=4',
    ],
    [
      { operation: 'set-pool-autoscaling', pool: 'main', from: { minNodes: 1, maxNodes: 4 } },
      'gcloud container node-pools update main --cluster=prod --location=us-central1 --project=shop --no-enable-autoscaling',
    ],
    [
      { operation: 'set-autoscaling-profile', from: 'balanced', to: 'optimize-utilization' },
      'gcloud container clusters update prod --location=us-central1 --project=shop --autoscaling-profile=optimize-utilization',
    ],
    [
      {
        ...{ operation: 'grant-role', role: 'roles/editor', purpose: 'x' },
        member: `serviceAccount:${PROJECT_NUMBER}@cloudservices.gserviceaccount.com`,
      },
      `gcloud projects add-iam-policy-binding shop --member=serviceAccount:"$(gcloud projects describe shop --format='value(projectNumber)')"@cloudservices.gserviceaccount.com --role=roles/editor --condition=None`,
    ],
    [
      { operation: 'reserve-address', name: 'front', address: '35.1.1.1', region: 'us-central1' },
      'gcloud compute addresses create front --addresses=35.1.1.1 --region=us-central1 --project=shop',
    ],
    [
      { operation: 'release-address', name: 'front', address: '35.1.1.1', region: 'global' },
      'gcloud compute addresses delete front --global --project=shop --quiet',
    ],
    [
      { operation: 'request-quota', metric: 'IN_USE_ADDRESSES', region: 'us-central1', from: 8, to: 15.5 },
      "gcloud quotas preferences create --project=shop --service=compute.googleapis.com --quota-id=IN-USE-ADDRESSES-per-project-region --preferred-value=16 --dimensions=region=us-central1 --email='<your e-mail>' --justification='IN_USE_ADDRESSES: from 8 to 15.5'",
    ],
    [
      { operation: 'request-quota', metric: 'CPUS_ALL_REGIONS', region: 'global', from: 32, to: 64 },
      "gcloud quotas preferences create --project=shop --service=compute.googleapis.com --quota-id=CPUS-ALL-REGIONS-per-project --preferred-value=64 --email='<your e-mail>' --justification='CPUS_ALL_REGIONS: from 32 to 64'",
    ],
    [
      {
        operation: 'create-node-pool',
        pool: 'gpu',
        like: 'main',
        machineType: 'n1-standard-8',
        zones: ['us-central1-a'],
        minNodes: 0,
        maxNodes: 3,
        initialNodes: 1,
        accelerator: { type: 'nvidia-tesla-t4', count: 1 },
      },
      'gcloud container node-pools create gpu --cluster=prod --location=us-central1 --project=shop --machine-type=n1-standard-8 --node-locations=us-central1-a --num-nodes=1 --enable-autoscaling --total-min-nodes=0 --total-max-nodes=3 --disk-type=pd-ssd --disk-size=50 --spot --enable-private-nodes --accelerator=type=nvidia-tesla-t4,count=1',
    ],
  ])('%o', (call, command) => {
    expect(step({ kind: 'cloud', call }).command).toBe(command);
  });
});
