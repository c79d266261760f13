/** Texts as they were met in the field: container: each text with who writes it since when, and what must be read from it. */
import type { ImageMessage, ProbeMessage, SandboxMessage, StartMessage } from '../message.ts';
import type { FieldRow } from './corpus-row.ts';

const E = 'Failed';
const CRIO_REFERENCE =
  'Error: reference "[overlay@/var/lib/containers/storage+/run/containers/storage]docker.io/acme/web@sha256:4f18" does not resolve to an image ID';
export const images: readonly FieldRow<Partial<ImageMessage>>[] = [
  [
    'containerd 1.4',
    E,
    'Failed to pull image "nginx:1.99": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.99": failed to resolve reference "docker.io/library/nginx:1.99": docker.io/library/nginx:1.99: not found',
    { cause: 'not-found', image: 'nginx:1.99' },
  ],
  [
    'containerd 2.0',
    E,
    'Failed to pull image "nginx:1.99": failed to pull and unpack image "docker.io/library/nginx:1.99": failed to resolve image: docker.io/library/nginx:1.99: not found',
    { cause: 'not-found' },
  ],
  [
    'Docker',
    E,
    'Failed to pull image "acme/api:v2": rpc error: code = Unknown desc = Error response from daemon: manifest for acme/api:v2 not found: manifest unknown: manifest unknown',
    { cause: 'not-found' },
  ],
  [
    'Docker',
    E,
    'Failed to pull image "acme/api:v2": rpc error: code = Unknown desc = Error response from daemon: pull access denied for acme/api, repository does not exist or may require \'docker login\': denied: requested access to the resource is denied',
    { cause: 'unauthorized' },
  ],
  [
    'containerd, hub',
    E,
    'Failed to pull image "acme/private": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/acme/private:latest": failed to resolve reference "docker.io/acme/private:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    { cause: 'unauthorized' },
  ],
  [
    'EKS, ECR',
    E,
    'Failed to pull image "111122223333.dkr.ecr.us-west-2.amazonaws.com/app:v1": rpc error: code = Unknown desc = failed to pull and unpack image "111122223333.dkr.ecr.us-west-2.amazonaws.com/app:v1": failed to resolve reference "111122223333.dkr.ecr.us-west-2.amazonaws.com/app:v1": unexpected status from HEAD request to https://111122223333.dkr.ecr.us-west-2.amazonaws.com/v2/app/manifests/v1: 401 Unauthorized',
    { cause: 'unauthorized' },
  ],
  [
    'EKS, ECR',
    E,
    'Failed to pull image "111122223333.dkr.ecr.us-west-2.amazonaws.com/app:v1": rpc error: code = Unknown desc = Error response from daemon: Get https://111122223333.dkr.ecr.us-west-2.amazonaws.com/v2/app/manifests/v1: no basic auth credentials',
    { cause: 'unauthorized' },
  ],
  [
    'AKS, ACR',
    E,
    'Failed to pull image "acme.azurecr.io/api:1": failed to pull and unpack image "acme.azurecr.io/api:1": failed to resolve reference "acme.azurecr.io/api:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://acme.azurecr.io/oauth2/token?scope=repository%3Aapi%3Apull&service=acme.azurecr.io: 401 Unauthorized',
    { cause: 'unauthorized' },
  ],
  [
    'GKE, Artifact Registry',
    E,
    'Failed to pull image "us-docker.pkg.dev/demo/r/api:1": rpc error: code = Unknown desc = failed to pull and unpack image "us-docker.pkg.dev/demo/r/api:1": failed to resolve reference "us-docker.pkg.dev/demo/r/api:1": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-docker.pkg.dev/v2/token: 403 Forbidden',
    { cause: 'unauthorized' },
  ],
  [
    'GKE, Artifact Registry',
    E,
    'Failed to pull image "us-docker.pkg.dev/demo/r/api:9": rpc error: code = NotFound desc = failed to pull and unpack image "us-docker.pkg.dev/demo/r/api:9": failed to resolve reference "us-docker.pkg.dev/demo/r/api:9": us-docker.pkg.dev/demo/r/api:9: not found',
    { cause: 'not-found' },
  ],
  [
    'CRI-O',
    E,
    'Failed to pull image "quay.io/acme/api:v9": rpc error: code = Unknown desc = reading manifest v9 in quay.io/acme/api: manifest unknown: manifest unknown',
    { cause: 'not-found' },
  ],
  [
    'CRI-O',
    E,
    'Failed to pull image "registry.local/api:1": rpc error: code = Unknown desc = pinging container registry registry.local: Get "https://registry.local/v2/": dial tcp: lookup registry.local on 10.0.0.2:53: no such host',
    { cause: 'network' },
  ],
  [
    'CRI-O',
    E,
    'Failed to pull image "quay.io/acme/p:1": initializing source docker://quay.io/acme/p:1: reading manifest 1 in quay.io/acme/p: unauthorized: access to the requested resource is not authorized',
    { cause: 'unauthorized' },
  ],
  [
    'hub limit, 2024',
    E,
    'Failed to pull image "redis:7": failed to pull and unpack image "docker.io/library/redis:7": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:ab12: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    { cause: 'rate-limited' },
  ],
  [
    'containerd',
    E,
    'Failed to pull image "ghcr.io/a/b:1": rpc error: code = Unknown desc = failed to pull and unpack image "ghcr.io/a/b:1": failed to resolve reference "ghcr.io/a/b:1": failed to do request: Head "https://ghcr.io/v2/a/b/manifests/1": dial tcp 140.82.121.34:443: i/o timeout',
    { cause: 'network' },
  ],
  [
    'containerd',
    E,
    'Failed to pull image "10.0.0.5:5000/app:1": failed to do request: Head "https://10.0.0.5:5000/v2/app/manifests/1": http: server gave HTTP response to HTTPS client',
    { cause: 'network' },
  ],
  [
    'containerd',
    E,
    'Failed to pull image "reg.local/app:1": rpc error: code = Unknown desc = failed to do request: Head "https://reg.local/v2/app/manifests/1": x509: certificate signed by unknown authority',
    { cause: 'network' },
  ],
  [
    'containerd, arm64',
    E,
    'Failed to pull image "acme/amd:1": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/amd:1": no match for platform in manifest: not found',
    { cause: 'architecture' },
  ],
  [
    'CRI-O, arm64',
    E,
    'Failed to pull image "quay.io/a/amd:1": choosing an image from manifest list docker://quay.io/a/amd:1: no image found in image index for architecture "arm64", variant "v8", OS "linux"',
    { cause: 'architecture' },
  ],
  [
    'containerd',
    E,
    'Failed to pull image "big:1": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/big:1": failed to extract layer sha256:aa: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/f: no space left on device: unknown',
    { cause: 'no-space' },
  ],
  [
    'containerd',
    E,
    'Failed to pull image "slow:1": rpc error: code = Canceled desc = failed to pull and unpack image "docker.io/library/slow:1": failed to copy: context canceled',
    { cause: 'network' },
  ],
  ['1.28', E, 'Failed to pull image "a:1": pull QPS exceeded', { cause: 'rate-limited' }],
  [
    '1.24',
    'InspectFailed',
    'Failed to apply default image tag "Acme/API:1": couldn\'t parse image reference "Acme/API:1": invalid reference format: repository name must be lowercase',
    { cause: 'invalid-name' },
  ],
  [
    '1.14',
    'ErrImageNeverPull',
    'Container image "local/dev:1" is not present with pull policy of Never',
    { cause: 'never-pull', image: 'local/dev:1' },
  ],
  [
    '1.33',
    'BackOff',
    'Back-off pulling image "nginx:1.99": ErrImagePull: failed to pull and unpack image "docker.io/library/nginx:1.99": failed to resolve reference "docker.io/library/nginx:1.99": docker.io/library/nginx:1.99: not found',
    { cause: 'not-found', image: 'nginx:1.99' },
  ],
  ['CRI-O', E, CRIO_REFERENCE, { cause: 'not-found' }],
];

const SHIM =
  'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process';
export const starts: readonly FieldRow<Partial<StartMessage>>[] = [
  [
    'containerd 1.7',
    E,
    `${SHIM}: exec: "/app/server": stat /app/server: no such file or directory: unknown`,
    { cause: 'executable-not-found', executable: '/app/server' },
  ],
  [
    'containerd 2',
    E,
    `${SHIM}: error during container init: exec: "pyhton": executable file not found in $PATH: unknown`,
    { cause: 'executable-not-found', executable: 'pyhton' },
  ],
  [
    'containerd 1.4',
    E,
    'Error: failed to create containerd task: OCI runtime create failed: container_linux.go:367: starting container process caused: exec: "echo": executable file not found in $PATH: unknown',
    { cause: 'executable-not-found', executable: 'echo' },
  ],
  [
    'Docker 18',
    E,
    'Error: failed to start container "web": Error response from daemon: OCI runtime create failed: container_linux.go:345: starting container process caused "exec: \\"npm start\\": executable file not found in $PATH": unknown',
    { cause: 'executable-not-found', executable: 'npm start' },
  ],
  [
    'Docker 20',
    E,
    'Error: failed to start container "web": Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "./run.sh": permission denied: unknown',
    { cause: 'permission-denied', executable: './run.sh' },
  ],
  [
    'CRI-O, runc',
    E,
    'Error: container create failed: time="2023-02-01T10:00:00Z" level=error msg="runc create failed: unable to start container process: exec: \\"/entrypoint\\": stat /entrypoint: no such file or directory"',
    { cause: 'executable-not-found', executable: '/entrypoint' },
  ],
  [
    'CRI-O, crun',
    E,
    'Error: container create failed: executable file `/bin/app` not found: No such file or directory',
    { cause: 'executable-not-found', executable: '/bin/app' },
  ],
  [
    'CRI-O, crun',
    E,
    'Error: container create failed: executable file `run` not found in $PATH: No such file or directory',
    { cause: 'executable-not-found', executable: 'run' },
  ],
  ['containerd, arm64', E, `${SHIM}: exec /app/server: exec format error: unknown`, { cause: 'exec-format' }],
  [
    'containerd',
    E,
    `${SHIM}: error during container init: error mounting "/var/lib/kubelet/pods/1/volume-subpaths/cfg/web/0" to rootfs at "/etc/nginx/nginx.conf": mount /var/lib/kubelet/pods/1/volume-subpaths/cfg/web/0:/etc/nginx/nginx.conf (via /proc/self/fd/6), flags: 0x5001: not a directory: unknown`,
    { cause: 'not-a-directory' },
  ],
  [
    'containerd',
    E,
    `${SHIM}: error during container init: error mounting "/var/lib/kubelet/pods/1/etc-hosts" to rootfs at "/etc/hosts": mount: no space left on device: unknown`,
    { cause: 'no-space' },
  ],
  [
    'containerd',
    E,
    `${SHIM}: container init was OOM-killed (memory limit too low?): unknown`,
    { cause: 'memory-limit-too-low' },
  ],
  [
    'containerd',
    E,
    `${SHIM}: error during container init: unable to apply cgroup configuration: failed to write 1234: open /sys/fs/cgroup/pids/kubepods/cgroup.procs: no such file or directory: unknown`,
    { cause: 'cgroup' },
  ],
  [
    'containerd, GPU',
    E,
    `${SHIM}: error during container init: error running hook #0: error running hook: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy' nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: unknown`,
    { cause: 'hook' },
  ],
  [
    'containerd',
    E,
    'Error: failed to reserve container name "web_web-1_prod_1b2c_0": name "web_web-1_prod_1b2c_0" is reserved for "f0a1"',
    { cause: 'name-reserved' },
  ],
  [
    'CRI-O',
    E,
    'Error: error reserving ctr name k8s_web_web-1_prod_1b2c_0 for id 9f: name is reserved',
    { cause: 'name-reserved' },
  ],
  ['containerd', E, 'Error: context deadline exceeded', { cause: 'timeout' }],
  [
    'containerd',
    E,
    `${SHIM.replace('unable to start container process', 'unable to create new parent process')}: namespace path: lstat /proc/0/ns/ipc: no such file or directory: unknown`,
    { cause: 'sandbox-gone' },
  ],
  [
    'containerd',
    E,
    'Error: failed to get sandbox container task: no running task found: task 4f5e not found: not found',
    { cause: 'sandbox-gone' },
  ],
  [
    'containerd, Windows',
    E,
    'Error: failed to create containerd task: failed to create shim task: hcs::System::CreateProcess web: The system cannot find the file specified.: unknown',
    { cause: 'executable-not-found' },
  ],
  [
    'containerd, SELinux',
    E,
    `${SHIM}: failed to set /proc/self/attr/keycreate on procfs: write /proc/self/attr/keycreate: invalid argument: unknown`,
    { cause: 'security-profile' },
  ],
  [
    'containerd, AppArmor',
    E,
    'Error: failed to create containerd container: get apparmor_parser version: failed to generate apparmor spec opts: apparmor profile not found web-profile',
    { cause: 'security-profile' },
  ],
  [
    'containerd, workdir',
    E,
    `${SHIM}: error during container init: mkdir /app/logs: read-only file system: unknown`,
    { cause: 'read-only' },
  ],
  [
    'containerd, seccomp',
    E,
    'Error: failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/seccomp/profiles/custom.json": open /var/lib/kubelet/seccomp/profiles/custom.json: no such file or directory',
    { cause: 'security-profile' },
  ],
];

const SETUP_NETWORK =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "2585":';
const B = 'FailedCreatePodSandBox';
export const sandboxes: readonly FieldRow<Partial<SandboxMessage>>[] = [
  [
    'EKS',
    B,
    `${SETUP_NETWORK} plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container`,
    { cause: 'ip-exhausted' },
  ],
  [
    'EKS 1.14',
    B,
    'Failed create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "9234" network for pod "web-1": NetworkPlugin cni failed to set up pod "web-1_prod" network: add cmd: failed to assign an IP address to container',
    { cause: 'ip-exhausted' },
  ],
  [
    'EKS',
    B,
    `${SETUP_NETWORK} plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"`,
    { cause: 'network' },
  ],
  [
    'GKE',
    B,
    `${SETUP_NETWORK} plugin type="gke" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.8.1.1-10.8.1.254`,
    { cause: 'ip-exhausted' },
  ],
  [
    'Flannel',
    B,
    `${SETUP_NETWORK} plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory`,
    { cause: 'network' },
  ],
  [
    'Calico',
    B,
    `${SETUP_NETWORK} plugin type="calico" failed (add): connection is unauthorized: Unauthorized`,
    { cause: 'network' },
  ],
  [
    'Calico',
    B,
    `${SETUP_NETWORK} plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/`,
    { cause: 'network' },
  ],
  [
    'Cilium',
    B,
    `${SETUP_NETWORK} plugin type="cilium-cni" name="cilium" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout`,
    { cause: 'network' },
  ],
  [
    'Cilium',
    B,
    `${SETUP_NETWORK} plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  No more IPs available`,
    { cause: 'ip-exhausted' },
  ],
  [
    'Multus',
    B,
    `${SETUP_NETWORK} plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: '&{ContainerID:11ce} ERRORED: error configuring pod [prod/web] networking: Multus: [prod/web/9ca0]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod'`,
    { cause: 'network' },
  ],
  [
    'AKS',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "ab": plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: Failed to allocate pool: Failed to delegate: Failed to allocate address: No available addresses',
    { cause: 'ip-exhausted' },
  ],
  [
    'Docker, 1.18',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = [failed to set up sandbox container "3fe3" network for pod "kafka-0": networkPlugin cni failed to set up pod "kafka-0_prod" network: netplugin failed with no error message, failed to clean up sandbox container "3fe3" network for pod "kafka-0": networkPlugin cni failed to teardown pod "kafka-0_prod" network: netplugin failed with no error message]',
    { cause: 'network' },
  ],
  [
    'containerd',
    B,
    'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    { cause: 'timeout' },
  ],
  [
    'containerd',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to reserve sandbox name "web_prod_1_0": name "web_prod_1_0" is reserved for "9a"',
    { cause: 'name-reserved' },
  ],
  [
    'containerd',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.6": failed to pull image "registry.k8s.io/pause:3.6": failed to do request: Head "https://registry.k8s.io/v2/pause/manifests/3.6": dial tcp: i/o timeout',
    { cause: 'pause-image' },
  ],
  [
    'containerd',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "gvisor" is configured',
    { cause: 'runtime-class' },
  ],
  [
    'containerd',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: write /proc/self/attr/keycreate: invalid argument: unknown',
    { cause: 'runtime' },
  ],
  [
    'containerd',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox container task "8a": cannot start a container that has stopped: unknown',
    { cause: 'runtime' },
  ],
  [
    '1.28',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    { cause: 'network' },
  ],
  [
    '1.19',
    'NetworkNotReady',
    'network is not ready: runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network plugin is not ready: cni config uninitialized',
    { cause: 'network' },
  ],
  [
    '1.28',
    'FailedKillPod',
    'error killing pod: failed to "KillPodSandbox" for "1b2c" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"9a\\": plugin type=\\"calico\\" failed (delete): error getting ClusterInformation: connection is unauthorized: Unauthorized"',
    { cause: 'network' },
  ],
  [
    'kubeadm',
    B,
    'Failed to create pod sandbox: open /run/systemd/resolve/resolv.conf: no such file or directory',
    { cause: 'network' },
  ],
  [
    'CRI-O',
    B,
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox k8s_coredns-1_kube-system_0a70_0(7f12): error adding pod kube-system_coredns-1 to CNI network "weave": plugin type="weave-net" name="weave" failed (add): unable to allocate IP address: Post "http://127.0.0.1:6784/ip": dial tcp 127.0.0.1:6784: connect: connection refused',
    { cause: 'network' },
  ],
  [
    'Flannel',
    B,
    `${SETUP_NETWORK} plugin type="flannel" failed (add): failed to delegate add: failed to set bridge addr: "cni0" already has an IP address different from 10.244.0.1/24`,
    { cause: 'network' },
  ],
];

const U = 'Unhealthy';
export const probes: readonly FieldRow<Partial<ProbeMessage>>[] = [
  [
    '1.14',
    U,
    'Readiness probe failed: Get http://10.1.2.3:8080/ready: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
    { probe: 'readiness', cause: 'timeout', port: 8080, path: '/ready' },
  ],
  [
    '1.18',
    U,
    'Liveness probe failed: Get http://10.1.2.3:80/: dial tcp 10.1.2.3:80: connect: connection refused',
    { probe: 'liveness', cause: 'connection-refused', port: 80 },
  ],
  [
    '1.25',
    U,
    'Startup probe failed: Get "http://10.1.2.3:9000/startup": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    { probe: 'startup', cause: 'timeout' },
  ],
  [
    '1.25',
    U,
    'Liveness probe failed: Get "http://10.1.2.3:9000/live": read tcp 10.1.2.1:40000->10.1.2.3:9000: read: connection reset by peer',
    { cause: 'connection-reset' },
  ],
  ['1.25', U, 'Readiness probe failed: Get "http://10.1.2.3:9000/": EOF', { cause: 'connection-reset' }],
  [
    '1.25',
    U,
    'Readiness probe failed: Get "http://10.1.2.3:9000/": dial tcp 10.1.2.3:9000: connect: no route to host',
    { cause: 'unreachable' },
  ],
  [
    '1.25',
    U,
    'Readiness probe failed: Get "http://10.1.2.3:9000/": dial tcp 10.1.2.3:9000: connect: host is down',
    { cause: 'unreachable' },
  ],
  [
    '1.25',
    U,
    'Readiness probe failed: HTTP probe failed with statuscode: 404',
    { cause: 'http-status', statusCode: 404 },
  ],
  [
    '1.28',
    U,
    'Readiness probe failed: Get "https://10.1.2.3:8443/healthz": tls: failed to verify certificate: x509: cannot validate certificate for 10.1.2.3 because it doesn\'t contain any IP SANs',
    { cause: 'tls' },
  ],
  [
    'Redis',
    U,
    'Readiness probe failed: \nCould not connect to Redis at localhost:6379: Connection refused',
    { cause: 'exec' },
  ],
  ['PostgreSQL', U, 'Readiness probe failed: 127.0.0.1:5432 - no response', { cause: 'exec' }],
  [
    'Elasticsearch',
    U,
    'Readiness probe failed: Waiting for elasticsearch cluster to become ready (request params: "wait_for_status=green&timeout=1s" )\nCluster is not yet ready (request params: "wait_for_status=green&timeout=1s" )',
    { cause: 'exec' },
  ],
  [
    'Calico',
    U,
    'Readiness probe failed: calico/node is not ready: BIRD is not ready: Failed to stat() nodename file: stat /var/lib/calico/nodename: no such file or directory',
    { cause: 'exec' },
  ],
  [
    'EKS, aws-node',
    U,
    'Readiness probe failed: {"level":"info","ts":"2022-05-26T14:44:59.655Z","caller":"/usr/local/go/src/runtime/proc.go:255","msg":"timeout: failed to connect service \\":50051\\" within 5s"}',
    { cause: 'exec' },
  ],
  [
    'containerd',
    U,
    'Readiness probe errored: rpc error: code = Unknown desc = failed to exec in container: failed to start exec "1a": OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
    { cause: 'exec' },
  ],
  [
    'containerd',
    U,
    'Liveness probe errored: rpc error: code = NotFound desc = failed to exec in container: failed to load task: no running task found: task 1a not found: not found',
    { cause: 'exec' },
  ],
  [
    '1.24, gRPC',
    U,
    'Liveness probe failed: timeout: failed to connect service "10.1.2.3:5000" within 1s: context deadline exceeded',
    { cause: 'grpc' },
  ],
  ['1.27, gRPC', U, 'Readiness probe failed: service unhealthy (responded with "NOT_SERVING")', { cause: 'grpc' }],
  ['1.20', U, 'Readiness probe failed: command "/bin/sh -c pg_isready" timed out', { cause: 'timeout' }],
];
