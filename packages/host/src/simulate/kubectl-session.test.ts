/** The session of a person with kubectl (1.36) against a simulated cluster: what it prints is what it prints for a real one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unpackKubectl } from '../kubectl.suite.ts';
import { deployment, startSession, type Session } from './session.suite.ts';

let folder: string;
let session: Session;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-kubectl-'));
  await unpackKubectl(join(folder, 'kubectl'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  session = await startSession(join(folder, 'kubectl'));
});
afterEach(async () => {
  await session.close();
  expect(session.failures).toEqual([]);
});

const LONG = { timeout: 60_000 };

/** The words of a table, without what depends on the moment. */
function rows(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
}

async function running(name: string): Promise<void> {
  const path = session.file(`${name}.yaml`, deployment(name, 'registry.example/web:1'));
  await session.run(`apply -f ${path}`);
  await session.run(`rollout status deployment/${name} --timeout=120s`);
}

describe('kubectl get', () => {
  it('prints nodes and pods as tables, plain, wide and of all namespaces', LONG, async () => {
    await running('web');
    expect(rows(await session.run('get nodes'))).toEqual([
      ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'],
      ...['node-1', 'node-2', 'node-3'].map((name) => [name, 'Ready', '<none>', expect.any(String), 'v1.36.2']),
    ]);
    const [head, ...pods] = rows(await session.run('get pods'));
    expect(head).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    expect(pods.map(([, ...rest]) => rest.slice(0, 3))).toEqual([
      ['1/1', 'Running', '0'],
      ['1/1', 'Running', '0'],
    ]);
    const [wide] = rows(await session.run('get pods -o wide'));
    expect(wide?.join('|')).toBe('NAME|READY|STATUS|RESTARTS|AGE|IP|NODE|NOMINATED NODE|READINESS GATES');
    expect((await session.run('get pods -A')).split(/ +/, 2)).toEqual(['NAMESPACE', 'NAME']);
    expect(await session.run('get deployments -o wide')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nweb +2\/2 +2 +2 +\S+ +main +registry\.example\/web:1 +app=web\n$/,
    );
    expect(await session.run('get service')).toMatch(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nkubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP +\S+\n$/,
    );
  });

  it('prints objects as YAML, JSON, by path and in columns', LONG, async () => {
    await session.run('create configmap settings --from-literal=mode=fast');
    expect(await session.run('get configmap settings -o yaml')).toMatch(
      /^apiVersion: v1\ndata:\n {2}mode: fast\nkind: ConfigMap\nmetadata:\n/,
    );
    expect(JSON.parse(await session.run('get configmap settings -o json'))).toMatchObject({ data: { mode: 'fast' } });
    expect(await session.run('get configmap settings -o jsonpath={.data.mode}')).toBe('fast');
    expect(await session.run('get configmap settings -o custom-columns=NAME:.metadata.name,MODE:.data.mode')).toBe(
      'NAME       MODE\nsettings   fast\n',
    );
    expect(await session.run('get configmap settings -o name')).toBe('configmap/settings\n');
  });

  it('selects by labels and fields', LONG, async () => {
    await running('web');
    await running('api');
    const names = async (line: string) => (await session.run(`${line} -o name`)).trim().split('\n');
    expect(await names('get pods -l app=web')).toHaveLength(2);
    expect(await names('get pods -l app,app!=web')).toHaveLength(2);
    expect(await names('get pods --field-selector status.phase=Running')).toHaveLength(4);
    const [pod = ''] = await names('get pods -l app=api');
    expect(await names(`get pods --field-selector metadata.name=${pod.slice('pod/'.length)}`)).toEqual([pod]);
    expect((await session.kubectl('get pods --field-selector spec.nope=a')).stderr).toBe(
      'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nope=a": field label not supported: spec.nope\n',
    );
  });

  it('watches', LONG, async () => {
    await session.run('create configmap first');
    const watching = session.kubectl('get configmaps --watch --output-watch-events --request-timeout=4s');
    await session.run('wait --for=create configmap/first --timeout=10s');
    await session.run('create configmap second --from-literal=a=b');
    await session.run('delete configmap second');
    const { stdout } = await watching;
    expect(stdout).toMatch(/^EVENT +NAME +DATA +AGE\n/);
    expect(stdout).toMatch(/ADDED +first +0 /);
  });

  it('says what is not there', LONG, async () => {
    expect(await session.kubectl('get pods')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No resources found in default namespace.\n',
    });
    expect(await session.kubectl('get pod nothing')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error from server (NotFound): pods "nothing" not found\n',
    });
    expect((await session.kubectl('get nothings')).stderr).toBe(
      'error: the server doesn\'t have a resource type "nothings"\n',
    );
  });
});

describe('kubectl describe and explain', () => {
  it('describes workloads, pods, nodes, Services and claims', LONG, async () => {
    await running('web');
    await session.run('expose deployment web --port=80 --target-port=http');
    await session.run(`apply -f ${session.file('claim.yaml', CLAIM)}`);
    const deployed = await session.run('describe deployment web');
    expect(deployed).toMatch(/^Name: +web\n/);
    expect(deployed).toMatch(/^Replicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable$/m);
    expect(deployed).toMatch(/ScalingReplicaSet .* deployment-controller +Scaled up replica set web-\S+ from 0 to 2$/m);
    const [name = ''] = (await session.run('get pods -o jsonpath={.items[*].metadata.name}')).split(' ');
    const pods = await session.run(`describe pod ${name}`);
    expect(pods).toMatch(/^QoS Class: +Burstable$/m);
    expect(pods).toMatch(/Normal +Scheduled .* default-scheduler +Successfully assigned default\/web-\S+ to node-\d$/m);
    expect(await session.run('describe node node-1')).toMatch(
      /^ {2}Ready +True .* KubeletReady +kubelet is posting ready status$/m,
    );
    const service = await session.run('describe service web');
    expect(service).toMatch(/^Selector: +app=web$/m);
    expect(service).toMatch(/^Endpoints: +10\.\d+\.\d+\.\d+:8080,10\.\d+\.\d+\.\d+:8080$/m);
    expect(await session.run('describe pvc data')).toMatch(/^Status: +Pending$/m);
  });

  it('explains fields', LONG, async () => {
    expect(await session.run('explain deployment.spec.replicas')).toMatch(
      /^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n\nFIELD: replicas <integer>\n/,
    );
  });
});

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: slow
  resources: { requests: { storage: 1Gi } }
`;

describe('kubectl apply', () => {
  it('creates, leaves, configures, and shows the difference before', LONG, async () => {
    const before = session.file('web.yaml', deployment('web', 'registry.example/web:1'));
    const after = session.file('web-2.yaml', deployment('web', 'registry.example/web:2'));
    expect(await session.run(`apply -f ${before}`)).toBe('deployment.apps/web created\n');
    expect(await session.run(`apply -f ${before}`)).toBe('deployment.apps/web unchanged\n');
    const difference = await session.kubectl(`diff -f ${after}`);
    expect(difference.code).toBe(1);
    expect(difference.stdout).toMatch(
      /^-\s+- image: registry\.example\/web:1\n\+\s+- image: registry\.example\/web:2$/m,
    );
    expect(await session.run(`apply -f ${after} --dry-run=server`)).toBe(
      'deployment.apps/web configured (server dry run)\n',
    );
    expect(await session.run(`apply -f ${after}`)).toBe('deployment.apps/web configured\n');
    expect((await session.kubectl(`diff -f ${after}`)).code).toBe(0);
  });

  it('takes away what is no longer in the file', LONG, async () => {
    const file = (data: string) =>
      session.file('settings.yaml', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: ${data}\n`);
    await session.run(`apply -f ${file('{a: "1", b: "2"}')}`);
    await session.run('patch configmap settings --type=merge', { more: ['-p', '{"data":{"c":"3"}}'] });
    await session.run(`apply -f ${file('{a: "1"}')}`);
    expect(JSON.parse(await session.run('get configmap settings -o jsonpath={.data}'))).toEqual({ a: '1', c: '3' });
  });

  it('applies on the server, and tells conflicts', LONG, async () => {
    const mine = session.file('web.yaml', deployment('web', 'registry.example/web:1'));
    const theirs = session.file('web-2.yaml', deployment('web', 'registry.example/web:2'));
    expect(await session.run(`apply --server-side -f ${mine}`)).toBe('deployment.apps/web serverside-applied\n');
    const conflict = await session.kubectl(`apply --server-side --field-manager=other -f ${theirs}`);
    expect(conflict.code).toBe(1);
    expect(conflict.stderr).toMatch(
      /^error: Apply failed with 1 conflict: conflict with "kubectl": \.spec\.template\.spec\.containers\[name="main"\]\.image\n/,
    );
    expect(await session.run(`apply --server-side --field-manager=other --force-conflicts -f ${theirs}`)).toBe(
      'deployment.apps/web serverside-applied\n',
    );
  });

  it('refuses fields that are not there', LONG, async () => {
    const { code, stderr } = await session.kubectl('apply -f -', {
      input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nnope: true\n',
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'Error from server (BadRequest): error when creating "STDIN": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nope"\n',
    });
  });
});

describe('kubectl patch, edit, label, annotate and set', () => {
  it('patches in each of its ways', LONG, async () => {
    await running('web');
    const patch = (how: string, body: string) => session.run(`patch deployment web ${how}`, { more: ['-p', body] });
    expect(await patch('', '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"a:2"}]}}}}')).toBe(
      'deployment.apps/web patched\n',
    );
    // While the rollout goes on, its progress is a change that comes between kubectl's look and its patch.
    await session.run('rollout status deployment web');
    expect(await patch('', '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"a:2"}]}}}}')).toBe(
      'deployment.apps/web patched (no change)\n',
    );
    expect(await patch('--type=merge', '{"metadata":{"labels":{"tier":"front"}}}')).toBe(
      'deployment.apps/web patched\n',
    );
    expect(await patch('--type=json', '[{"op":"replace","path":"/spec/replicas","value":3}]')).toBe(
      'deployment.apps/web patched\n',
    );
    expect(await patch('--subresource=scale --type=merge', '{"spec":{"replicas":1}}')).toBe(
      'scale.autoscaling/web patched\n',
    );
    expect(
      await session.run(
        'get deployment web -o jsonpath={.spec.replicas}/{.metadata.labels.tier}/{.spec.template.spec.containers[0].image}/{.spec.template.spec.containers[0].ports[0].name}',
      ),
    ).toBe('1/front/a:2/http');
    const wrong = await session.kubectl('patch deployment web --type=merge', {
      more: ['-p', '{"spec":{"replicas":-1}}'],
    });
    expect(wrong.stderr).toBe(
      'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n',
    );
  });

  it('edits through an editor', LONG, async () => {
    await session.run('create configmap settings --from-literal=mode=fast');
    expect(await session.run('edit configmap settings', { env: { KUBE_EDITOR: 'sed -i s/fast/slow/' } })).toBe(
      'configmap/settings edited\n',
    );
    expect(await session.run('get configmap settings -o jsonpath={.data.mode}')).toBe('slow');
  });

  it('labels, annotates and sets images', LONG, async () => {
    await running('web');
    expect(await session.run('label deployment web tier=front')).toBe('deployment.apps/web labeled\n');
    expect(await session.run('label deployment web tier-')).toBe('deployment.apps/web unlabeled\n');
    expect(await session.run('annotate deployment web note=hello')).toBe('deployment.apps/web annotated\n');
    expect(await session.run('set image deployment/web main=registry.example/web:2')).toBe(
      'deployment.apps/web image updated\n',
    );
    expect(await session.run('set resources deployment web --limits=cpu=200m')).toBe(
      'deployment.apps/web resource requirements updated\n',
    );
    expect(await session.run('set env deployment/web MODE=fast')).toBe('deployment.apps/web env updated\n');
  });
});

describe('kubectl rollout and scale', () => {
  it('follows, lists, undoes, pauses, resumes and restarts', LONG, async () => {
    await running('web');
    await session.run('set image deployment/web main=registry.example/web:2');
    expect(await session.run('rollout status deployment/web --timeout=120s')).toMatch(
      /deployment "web" successfully rolled out\n$/,
    );
    expect(await session.run('rollout history deployment/web')).toBe(
      'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n',
    );
    expect(await session.run('rollout undo deployment/web')).toBe('deployment.apps/web rolled back\n');
    await session.run('rollout status deployment/web --timeout=120s');
    expect(await session.run('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}')).toBe(
      'registry.example/web:1',
    );
    expect(await session.run('rollout pause deployment/web')).toBe('deployment.apps/web paused\n');
    expect(await session.run('rollout resume deployment/web')).toBe('deployment.apps/web resumed\n');
    expect(await session.run('rollout restart deployment/web')).toBe('deployment.apps/web restarted\n');
    await session.run('rollout status deployment/web --timeout=120s');
  });

  it('scales by hand and by itself', LONG, async () => {
    await running('web');
    expect(await session.run('scale deployment web --replicas=3')).toBe('deployment.apps/web scaled\n');
    expect((await session.kubectl('scale deployment web --replicas=4 --current-replicas=9')).stderr).toBe(
      'error: Expected replicas to be 9, was 3\n',
    );
    expect(await session.run('autoscale deployment web --min=1 --max=5 --cpu=80%')).toBe(
      'horizontalpodautoscaler.autoscaling/web autoscaled\n',
    );
    expect(await session.run('get hpa web')).toMatch(
      /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment\/web +cpu: \S+\/80% +1 +5 /,
    );
    expect(
      await session.run('get --raw /apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/web'),
    ).toContain('"targetCPUUtilizationPercentage":80');
  });
});

describe('kubectl on nodes', () => {
  it('cordons, drains and uncordons', LONG, async () => {
    await running('web');
    expect(await session.run('cordon node-1')).toBe('node/node-1 cordoned\n');
    expect(await session.run('get node node-1')).toMatch(/node-1 +Ready,SchedulingDisabled /);
    await session.run('uncordon node-1');
    const [node = ''] = (await session.run('get pods -o jsonpath={.items[*].spec.nodeName}')).split(' ');
    const drained = await session.run(`drain ${node} --ignore-daemonsets --timeout=120s`);
    expect(drained).toMatch(
      new RegExp(`^node/${node} cordoned\\nevicting pod default/web-\\S+\\n[^]*node/${node} drained\\n$`),
    );
    await session.run('wait --for=condition=available deployment/web --timeout=60s');
    expect(
      await session.run('get pods -o jsonpath={.items[?(@.status.phase=="Running")].spec.nodeName}'),
    ).not.toContain(node);
  });

  it('taints, and waits with a drain for budgets', LONG, async () => {
    expect(await session.run('taint node node-1 dedicated=a:NoSchedule')).toBe('node/node-1 tainted\n');
    expect(await session.run('taint node node-1 dedicated:NoSchedule-')).toBe('node/node-1 untainted\n');
    await running('web');
    await session.run('create pdb web --selector=app=web --min-available=2');
    await session.run('wait --for=jsonpath={.status.currentHealthy}=2 pdb/web --timeout=60s');
    const [node = ''] = (await session.run('get pods -o jsonpath={.items[*].spec.nodeName}')).split(' ');
    const { code, stderr } = await session.kubectl(`drain ${node} --ignore-daemonsets --timeout=2s`);
    expect(code).toBe(1);
    expect(stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
  });

  it('tells what is used', LONG, async () => {
    await running('web');
    await session.run('wait --for=condition=Ready pods --all --timeout=60s');
    session.cluster.clock.advance(60_000);
    expect(await session.run('top nodes')).toMatch(
      /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) *\nnode-1 +\d+m +\d+% +\d+Mi +\d+% *\n/,
    );
    expect(await session.run('top pods')).toMatch(
      /^NAME +CPU\(cores\) +MEMORY\(bytes\) *\nweb-\S+ +10m +6Mi *\nweb-\S+ +10m +6Mi *\n$/,
    );
  });
});

describe('kubectl delete and wait', () => {
  it('waits until what it deletes is gone', LONG, async () => {
    await running('web');
    expect(await session.run('delete deployment web --wait --timeout=60s')).toBe(
      'deployment.apps "web" deleted from default namespace\n',
    );
    await session.run('wait --for=delete pods -l app=web --timeout=60s');
    expect((await session.kubectl('get pods')).stderr).toBe('No resources found in default namespace.\n');
  });

  it('leaves or takes dependants as it is told', LONG, async () => {
    await running('web');
    await session.run('delete deployment web --cascade=orphan');
    expect(rows(await session.run('get replicasets --no-headers'))).toHaveLength(1);
    await session.run('delete replicaset -l app=web --cascade=foreground --timeout=60s');
    await session.run('wait --for=delete pods -l app=web --timeout=60s');
  });

  it('deletes namespaces with all that is in them', LONG, async () => {
    await session.run('create namespace shop');
    await session.run('create configmap settings -n shop');
    expect(await session.run('delete namespace shop --timeout=60s')).toBe('namespace "shop" deleted\n');
    expect((await session.kubectl('get configmaps -n shop')).stderr).toBe('No resources found in shop namespace.\n');
  });

  it('waits for conditions and values', LONG, async () => {
    await session.run('create deployment web --image=registry.example/web:1');
    expect(await session.run('wait --for=condition=available deployment/web --timeout=60s')).toBe(
      'deployment.apps/web condition met\n',
    );
    expect(await session.run('wait --for=jsonpath={.status.readyReplicas}=1 deployment/web --timeout=60s')).toBe(
      'deployment.apps/web condition met\n',
    );
    expect((await session.kubectl('wait --for=condition=available deployment/nothing --timeout=1s')).stderr).toBe(
      'Error from server (NotFound): deployments.apps "nothing" not found\n',
    );
  });
});

describe('kubectl create, run and expose', () => {
  it.each([
    ['create deployment web --image=a', 'deployment.apps/web created'],
    ['create job once --image=a', 'job.batch/once created'],
    ['create cronjob often --image=a --schedule=*/5\u00a0*\u00a0*\u00a0*\u00a0*', 'cronjob.batch/often created'],
    ['create configmap settings --from-literal=a=b', 'configmap/settings created'],
    ['create secret generic keys --from-literal=a=b', 'secret/keys created'],
    ['create namespace shop', 'namespace/shop created'],
    ['create quota small --hard=pods=3', 'resourcequota/small created'],
    ['create role reader --verb=get,list --resource=pods', 'role.rbac.authorization.k8s.io/reader created'],
    ['create clusterrole reader --verb=get --resource=nodes', 'clusterrole.rbac.authorization.k8s.io/reader created'],
    ['create rolebinding readers --role=reader --user=jane', 'rolebinding.rbac.authorization.k8s.io/readers created'],
    ['create serviceaccount robot', 'serviceaccount/robot created'],
    ['create service clusterip web --tcp=80:http', 'service/web created'],
    ['create ingress web --rule=shop.example/*=web:80', 'ingress.networking.k8s.io/web created'],
    ['create poddisruptionbudget web --selector=app=web --min-available=1', 'poddisruptionbudget.policy/web created'],
    ['create priorityclass high --value=1000', 'priorityclass.scheduling.k8s.io/high created'],
    ['run shell --image=a --port=80', 'pod/shell created'],
  ])('%s', LONG, async (line, said) => {
    const [command = '', ...more] = line.split(/ (?=--schedule)/);
    const { code, stdout, stderr } = await session.kubectl(command, {
      more: more.map((one) => one.replaceAll('\u00a0', ' ')),
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${said}\n`, stderr: '' });
    expect((await session.kubectl(command, { more: more.map((one) => one.replaceAll('\u00a0', ' ')) })).stderr).toMatch(
      /already exists\n$/,
    );
  });

  it('exposes by the name of a port', LONG, async () => {
    await running('web');
    expect(await session.run('expose deployment web --port=80 --target-port=http')).toBe('service/web exposed\n');
    expect(await session.run('get endpointslices -l kubernetes.io/service-name=web')).toMatch(
      / 8080 +10\.\S+,10\.\S+ /,
    );
  });
});

describe('kubectl logs, events and auth', () => {
  it('prints logs and events', LONG, async () => {
    await session.close();
    session = await startSession(join(folder, 'kubectl'), {
      behaviours: { container: () => ({ log: ['listening on 8080', 'ready'] }), image: () => ({}) },
    });
    await running('web');
    expect(await session.run('logs deployment/web --tail=1')).toBe('ready\n');
    expect(await session.run('logs -l app=web --prefix')).toMatch(/^\[pod\/web-\S+\/main\] listening on 8080\n/);
    expect((await session.kubectl('logs deployment/web -c nothing')).stderr).toMatch(
      /container nothing is not valid for pod web-/,
    );
    expect(await session.run('events --for=deployment/web')).toMatch(
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n.*Normal +ScalingReplicaSet +Deployment\/web +Scaled up replica set web-\S+ from 0 to 2\n/,
    );
    expect(await session.run('get events --field-selector involvedObject.kind=Deployment')).toMatch(
      /deployment\/web +Scaled up replica set/,
    );
  });

  it('says who may what', LONG, async () => {
    expect(await session.run('auth whoami')).toBe(
      'ATTRIBUTE   VALUE\nUsername    kubernetes-admin\nGroups      [system:masters system:authenticated]\n',
    );
    expect(await session.run('auth can-i create deployments')).toBe('yes\n');
    expect(await session.kubectl('auth can-i list pods --as=jane')).toMatchObject({ code: 1, stdout: 'no\n' });
    await session.run('create role reader --verb=get,list --resource=pods');
    await session.run('create rolebinding readers --role=reader --user=jane');
    expect(await session.run('auth can-i list pods --as=jane')).toBe('yes\n');
    expect(await session.run('auth can-i --list --as=jane')).toMatch(/^pods +\[\] +\[\] +\[get list\]$/m);
    expect((await session.kubectl('get secrets --as=jane')).stderr).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "default"\n',
    );
    await session.run('create serviceaccount robot');
    await session.run('create clusterrolebinding robots --clusterrole=view --serviceaccount=default:robot');
    const token = (await session.run('create token robot')).trim();
    expect(await session.run(`auth whoami --token=${token} -o jsonpath={.status.userInfo.username}`)).toBe(
      'system:serviceaccount:default:robot',
    );
  });
});
