import { describe } from 'vitest';
import { describeField, type FieldRow } from './field.suite.ts';
import type { ScaleUpMessage, SchedulingMessage, SchedulingReason } from './message.ts';
import { parseScaleUp } from './scale-up.ts';
import { parseScheduling } from './scheduling.ts';

const item = ({ count, class: of, resource, taint }: SchedulingReason): string =>
  `${count} ${of}${resource === undefined ? '' : ` ${resource}`}${taint === undefined ? '' : ` ${taint.key}=${taint.value}`}`;

/** `0/3: 1 taint, 2 capacity cpu; preemption 1+2`, in the text's order. */
function schedulingDigest(message: SchedulingMessage | undefined): string | undefined {
  if (message === undefined) return undefined;
  const reasons = message.prefilter === undefined ? message.reasons : [message.prefilter];
  const tail = message.preemption.map(({ count }) => count).join('+');
  return `${message.available}/${message.total}: ${reasons.map(item).join(', ')}${tail === '' ? '' : `; preemption ${tail}`}`;
}

const S = 'FailedScheduling';
const scheduling: readonly FieldRow<string>[] = [
  ['1.14, AWS', S, '0/3 nodes are available: 3 Insufficient cpu.', '0/3: 3 capacity cpu'],
  ['1.15, AWS', S, '0/2 nodes are available: 2 Insufficient pods.', '0/2: 2 capacity pods'],
  [
    '1.15',
    S,
    "0/5 nodes are available: 2 Insufficient memory, 3 node(s) had taints that the pod didn't tolerate.",
    '0/5: 2 capacity memory, 3 taint',
  ],
  [
    '1.16',
    S,
    "0/9 nodes are available: 1 node(s) were unschedulable, 8 node(s) didn't match node selector.",
    '0/9: 1 unschedulable, 8 affinity',
  ],
  [
    '1.17',
    S,
    "0/4 nodes are available: 1 node(s) had taints that the pod didn't tolerate, 3 node(s) didn't match pod affinity/anti-affinity, 3 node(s) didn't satisfy existing pods anti-affinity rules.",
    '0/4: 1 taint, 3 inter-pod, 3 inter-pod',
  ],
  ['1.17', S, 'pod has unbound immediate PersistentVolumeClaims (repeated 2 times)', '0/0: 0 claim'],
  [
    '1.17',
    S,
    'error while running "VolumeBinding" filter plugin for pod "web-0": pod has unbound immediate PersistentVolumeClaims',
    '0/0: 0 claim',
  ],
  [
    '1.18',
    S,
    'running "VolumeBinding" filter plugin for pod "db-0": error getting PVC "prod/data-db-0": could not find v1.PersistentVolumeClaim "prod/data-db-0"',
    '0/0: 0 claim',
  ],
  [
    '1.18, k3s',
    S,
    "0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/disk-pressure: }, that the pod didn't tolerate.",
    '0/1: 1 taint node.kubernetes.io/disk-pressure=',
  ],
  [
    '1.19, EKS',
    S,
    "0/7 nodes are available: 3 Insufficient cpu, 3 node(s) had taint {karpenter.sh/not-ready: }, that the pod didn't tolerate, 4 Insufficient memory.",
    '0/7: 3 capacity cpu, 3 taint karpenter.sh/not-ready=, 4 capacity memory',
  ],
  ['1.19', S, '0/1 nodes are available: 1 node(s) had volume node affinity conflict.', '0/1: 1 volume-zone'],
  ['1.19', S, "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind.", '0/3: 3 volume'],
  [
    '1.20',
    S,
    "0/4 nodes are available: 1 node(s) didn't match pod topology spread constraints, 3 node(s) had taint {node-role: infra}, that the pod didn't tolerate.",
    '0/4: 1 spread, 3 taint node-role=infra',
  ],
  ['1.20', S, '0/6 nodes are available: 6 pod has unbound immediate PersistentVolumeClaims.', '0/6: 6 claim'],
  [
    '1.21, GKE',
    S,
    "0/12 nodes are available: 10 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector.",
    '0/12: 10 capacity cpu, 2 affinity',
  ],
  [
    '1.21',
    S,
    "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 node(s) didn't have free ports for the requested pod ports.",
    '0/3: 1 taint node-role.kubernetes.io/master=, 2 host-port',
  ],
  [
    '1.22',
    S,
    "0/5 nodes are available: 1 node(s) exceed max volume count, 1 node(s) were unschedulable, 3 node(s) had taint {nvidia.com/gpu: present}, that the pod didn't tolerate.",
    '0/5: 1 volume-limit, 1 unschedulable, 3 taint nvidia.com/gpu=present',
  ],
  ['1.23', S, '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.', '0/2: 2 capacity nvidia.com/gpu'],
  [
    '1.24',
    S,
    '0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    '0/1: 1 capacity memory; preemption 1',
  ],
  [
    '1.25',
    S,
    '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: }. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling..',
    '0/1: 1 taint gpu=; preemption 1',
  ],
  [
    '1.26',
    S,
    '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    '0/1: 1 taint node.kubernetes.io/unreachable=; preemption 1',
  ],
  [
    '1.26',
    S,
    '0/14 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/14 nodes are available: 14 Preemption is not helpful for scheduling.',
    '0/14: 0 claim; preemption 14',
  ],
  [
    '1.26',
    S,
    '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod..',
    '0/3: 0 claim; preemption 3',
  ],
  [
    '1.27, EKS',
    S,
    '0/2 nodes are available: 1 Insufficient cpu, 1 Too many pods. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    '0/2: 1 capacity cpu, 1 capacity pods; preemption 2',
  ],
  [
    '1.27, GKE',
    S,
    "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling..",
    '0/3: 3 affinity; preemption 3',
  ],
  [
    '1.28',
    S,
    '0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 1 node(s) had volume node affinity conflict. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling..',
    '0/2: 1 taint node.kubernetes.io/unreachable=, 1 volume-zone; preemption 2',
  ],
  [
    '1.28',
    S,
    '0/4 nodes are available: persistentvolumeclaim "models" not found. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling..',
    '0/4: 0 claim; preemption 4',
  ],
  [
    '1.28',
    S,
    "0/20 nodes are available: 1 Insufficient memory, 11 node(s) didn't match Pod's node affinity/selector, 2 Insufficient cpu, 8 node(s) had untolerated taint {dedicated: batch}. preemption: 0/20 nodes are available: 1 No preemption victims found for incoming pod, 19 Preemption is not helpful for scheduling.",
    '0/20: 1 capacity memory, 11 affinity, 2 capacity cpu, 8 taint dedicated=batch; preemption 1+19',
  ],
  [
    '1.29',
    S,
    '0/5 nodes are available: 5 Insufficient hugepages-1Gi. preemption: not eligible due to preemptionPolicy=Never.',
    '0/5: 5 capacity hugepages-1Gi; preemption 0',
  ],
  [
    '1.30',
    S,
    '0/3 nodes are available: 3 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node.',
    '0/3: 3 capacity cpu; preemption 0',
  ],
  [
    '1.30',
    S,
    '0/3 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "build-scratch". preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    '0/3: 0 claim; preemption 3',
  ],
  [
    '1.31',
    S,
    '0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    '0/2: 2 volume; preemption 2',
  ],
  [
    '1.32',
    S,
    '0/2 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 1 node(s) had untolerated taint {spray: mortein}. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    '0/2: 1 taint node-role.kubernetes.io/control-plane=, 1 taint spray=mortein; preemption 2',
  ],
  [
    '1.33',
    S,
    "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    '0/3: 1 capacity cpu, 2 affinity; preemption 1+2',
  ],
  [
    '1.33',
    S,
    '0/1 nodes are available: waiting for dynamic resource controller to create the resourceclaim "train-gpu". preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    '0/1: 0 claim; preemption 1',
  ],
  [
    '1.34, DRA',
    S,
    "0/2 nodes are available: 1 cannot allocate all claims, 1 node(s) didn't match Pod's node affinity/selector. still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    '0/2: 1 capacity, 1 affinity; preemption 2',
  ],
  [
    '1.34, DRA',
    S,
    "0/4 nodes are available: 4 node(s) didn't match PersistentVolume's node affinity. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    '0/4: 4 volume-zone; preemption 4',
  ],
  [
    '1.34, DRA',
    S,
    '0/3 nodes are available: 3 resourceclaim in use. still not schedulable, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    '0/3: 3 claim; preemption 3',
  ],
  [
    '1.24, DaemonSet',
    S,
    "0/8 nodes are available: 1 Insufficient memory, 7 node(s) didn't satisfy plugin(s) [NodeAffinity] simultaneously.",
    '0/8: 1 capacity memory, 7 affinity',
  ],
  [
    '1.30, DaemonSet',
    S,
    "0/8 nodes are available: 1 Too many pods, 7 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/8 nodes are available: 1 No preemption victims found for incoming pod, 7 Preemption is not helpful for scheduling.",
    '0/8: 1 capacity pods, 7 affinity; preemption 1+7',
  ],
  [
    '1.27, EBS',
    S,
    'running PreBind plugin "VolumeBinding": binding volumes: timed out waiting for the condition',
    '0/0: 0 volume',
  ],
  ['1.29', S, 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded', '0/0: 0 volume'],
  [
    '1.28, DRA',
    S,
    'running Reserve plugin "DynamicResources": waiting for resource driver to allocate resource',
    '0/0: 0 claim',
  ],
  [
    '1.36',
    S,
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    '0/3: 1 taint, 2 capacity cpu; preemption 1+2',
  ],
  ['1.36', S, '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found', '0/2: 0 claim'],
  ['all', S, 'no nodes available to schedule pods', '0/0: 0 node'],
];

describe('scheduler in the field', () => {
  describeField(scheduling, (_reason, text) => schedulingDigest(parseScheduling(text)));
});

/** `not-triggered: 2 capacity cpu, max-size`. */
function scaleUpDigest(message: ScaleUpMessage | undefined): string | undefined {
  if (message === undefined) return undefined;
  const refusals = message.refusals.map(({ cause, metric, region, zone }) =>
    [cause, metric, region, zone].filter((part) => part !== undefined).join(' '),
  );
  return `${message.outcome}: ${[...message.reasons.map(item), ...refusals].join(', ')}${message.truncated ? ' …' : ''}`;
}

const N = 'NotTriggerScaleUp';
const F = 'FailedScaleUp';
const scaleUps: readonly FieldRow<string>[] = [
  ['1.12–1.14', N, "pod didn't trigger scale-up (it wouldn't fit if a new node is added)", 'not-triggered: '],
  [
    '1.15, EKS',
    N,
    "pod didn't trigger scale-up (it wouldn't fit if a new node is added): 1 max limit reached",
    'not-triggered: max-size',
  ],
  [
    '1.16',
    N,
    "pod didn't trigger scale-up (it wouldn't fit if a new node is added): 2 node(s) didn't match node selector, 1 max limit reached, 1 Insufficient nvidia.com/gpu",
    'not-triggered: 2 affinity, 1 capacity nvidia.com/gpu, max-size',
  ],
  [
    '1.18',
    N,
    "pod didn't trigger scale-up (it wouldn't fit if a new node is added): 1 in backoff after failed scale-up",
    'not-triggered: backoff',
  ],
  ['1.20, AKS', N, "pod didn't trigger scale-up: 1 max node group size reached", 'not-triggered: max-size'],
  [
    '1.21, GKE',
    N,
    "pod didn't trigger scale-up: 12 node(s) didn't match Pod's node affinity/selector, 3 max node group size reached",
    'not-triggered: 12 affinity, max-size',
  ],
  ['1.22', N, "pod didn't trigger scale-up:", 'not-triggered: '],
  [
    '1.26, AKS',
    N,
    "pod didn't trigger scale-up: 3 pod has unbound immediate PersistentVolumeClaims",
    'not-triggered: 3 claim',
  ],
  [
    '1.28',
    N,
    "pod didn't trigger scale-up: 1 node(s) had volume node affinity conflict",
    'not-triggered: 1 volume-zone',
  ],
  [
    '1.30, OpenShift',
    N,
    "pod didn't trigger scale-up: 1 max node group size reached, 1 Insufficient memory",
    'not-triggered: 1 capacity memory, max-size',
  ],
  [
    '1.31, GKE',
    N,
    "pod didn't trigger scale-up: 2 max cluster cpu limit reached, 1 node(s) had untolerated taint {cloud.google.com/gke-spot: true}",
    'not-triggered: 1 taint cloud.google.com/gke-spot=true, cluster-limit',
  ],
  ['GKE Autopilot', N, "Pod didn't trigger scale-up: 16 in backoff after failed scale-up", 'not-triggered: backoff'],
  [
    'GKE',
    F,
    'Node scale up in zones europe-west1-c associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
    'failed: quota europe-west1-c',
  ],
  [
    'GKE',
    F,
    'Node scale up in zones us-west1-b associated with this pod failed: GCE out of resources. Pod is at risk of not being scheduled.',
    'failed: stock-out us-west1-b',
  ],
  [
    'GKE, auto-provisioning',
    F,
    'Node scale up in zones associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
    'failed: quota',
  ],
  [
    'GKE',
    F,
    'Node scale up in zones us-central1-a, us-central1-b, us-central1-f associated with this pod failed: IP space exhausted. Pod is at risk of not being scheduled.',
    'failed: ip-space',
  ],
  [
    'GKE',
    F,
    'Node scale up in zones us-east4-a associated with this pod failed: GCE out of resources, GCE quota exceeded. Pod is at risk of not being scheduled.',
    'failed: stock-out us-east4-a, quota us-east4-a',
  ],
  [
    'autoscaler, GCE',
    'ScaleUpFailed',
    "Failed adding 3 nodes to group https://www.googleapis.com/compute/v1/projects/demo/zones/us-central1-a/instanceGroups/gke-c-pool-grp due to OutOfResource.QUOTA_EXCEEDED; source errors: Instance 'gke-c-pool-1a2b' creation failed: Quota 'N2_CPUS' exceeded.  Limit: 72.0 in region us-central1.",
    'failed: quota N2_CPUS us-central1 us-central1-a',
  ],
  [
    'autoscaler, Azure',
    'ScaleUpFailed',
    'Failed adding 1 nodes to group aks-nodepool1-11111111-vmss due to OutOfResource.VMProvisioningFailed; source errors: AllocationFailed: Allocation failed. We do not have sufficient capacity for the requested VM size in this region.',
    'failed: stock-out',
  ],
  [
    'autoscaler, EC2',
    'FailedToScaleUpGroup',
    'Scale-up failed for group eks-workers-1: AccessDenied: User: arn:aws:sts::111122223333:assumed-role/node/i-0 is not authorized to perform: autoscaling:SetDesiredCapacity on resource: arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:x',
    'failed: permission',
  ],
  [
    'autoscaler, Azure',
    'FailedToScaleUpGroup',
    'Scale-up failed for group aks-gpu-22222222-vmss: Code="OperationNotAllowed" Message="Operation could not be completed as it results in exceeding approved standardNCASv3_T4Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: westeurope, Current Limit: 4, Current Usage: 4, Additional Required: 4, (Minimum) New Limit Required: 8."',
    'failed: quota standardNCASv3_T4Family Cores westeurope',
  ],
  [
    'autoscaler',
    'TriggeredScaleUp',
    'pod triggered scale-up: [{https://www.googleapis.com/compute/v1/projects/demo/zones/us-west1-b/instanceGroups/gk3-dev-nap-1a2b-grp 0->1 (max: 1000)}]',
    'triggered: ',
  ],
  [
    'autoscaler, EC2',
    'TriggeredScaleUp',
    'pod triggered scale-up: [{eks-workers-1a 3->4 (max: 10)} {eks-workers-1b 3->4 (max: 10)}]',
    'triggered: ',
  ],
  [
    'autoscaler',
    'ScaleUpTimedOut',
    'Nodes added to group aks-nodepool1-11111111-vmss failed to register within 15m6.041s',
    'failed: timeout',
  ],
  ['autoscaler', 'MaxNodesTotalReached', 'Max total nodes in cluster reached: 100', 'failed: cluster-limit'],
];

describe('autoscaler in the field', () => {
  describeField(scaleUps, (reason, text) => scaleUpDigest(parseScaleUp(reason, text)));
});
