/** Pods and what stands for them in templates. Source: `ValidatePodSpec`, `ValidatePodCreate` in `pkg/apis/core/validation`. */
import { amountText, ZERO } from '../../../../model/amount.ts';
import type { PodSpec } from '../../../../model/kinds.ts';
import type { Json } from '../../../../model/unknown-json.ts';
import { containerTotal } from '../../../admission/pod-totals.ts';
import { dnsLabelErrors, dnsSubdomainErrors, qualifiedNameErrors } from '../../names.ts';
import { listIn, objectIn, textIn, type Problems } from '../problems.ts';
import { amountOf, checkResources } from '../resources-validation.ts';
import { checkIp, checkLabels } from '../text-rules.ts';
import type { Check } from '../validation-rule.ts';
import { checkContainers, checkInitContainers } from './container-validation.ts';
import { checkAffinity, checkSpread, checkTolerations } from './placement-validation.ts';
import { checkVolumes } from './volume-validation.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const MOST = 2_147_483_647;

/** A new pod. */
export const checkPod: Check = (problems, pod) => {
  checkPodObject(problems, pod);
  const spec = objectIn(pod, 'spec') ?? {};
  if (listIn(spec, 'ephemeralContainers').length > 0)
    problems.forbidden('spec.ephemeralContainers', 'cannot be set on create');
  if (textIn(spec, 'nodeName') !== '' && listIn(spec, 'schedulingGates').length > 0)
    problems.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
};

/** What holds for pods whenever they are written. */
export function checkPodObject(problems: Problems, pod: Json): void {
  const spec = objectIn(pod, 'spec') ?? {};
  checkPodSpec(problems, 'spec', spec, true);
  for (const field of ['containers', 'initContainers'])
    for (const [at, container] of listIn(spec, field).entries()) {
      const image = textIn(container, 'image');
      if (image !== image.trim())
        problems.invalid(`spec.${field}[${at}].image`, image, 'must not have leading or trailing whitespace');
    }
}

/** A template of pods. */
export function checkTemplate(problems: Problems, field: string, template: Json): void {
  checkLabels(problems, `${field}.labels`, objectIn(objectIn(template, 'metadata'), 'labels'));
  const spec = objectIn(template, 'spec') ?? {};
  checkPodSpec(problems, `${field}.spec`, spec, false);
  if (listIn(spec, 'ephemeralContainers').length > 0)
    problems.forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
}

function checkPodSpec(problems: Problems, field: string, spec: Json, isPod: boolean): void {
  const graceSeconds = spec['terminationGracePeriodSeconds'];
  const volumes = checkVolumes(problems, `${field}.volumes`, listIn(spec, 'volumes'));
  const [containers, initContainers] = [listIn(spec, 'containers'), listIn(spec, 'initContainers')];
  checkContainers(problems, `${field}.containers`, containers, { volumes, graceSeconds });
  checkInitContainers(problems, `${field}.initContainers`, initContainers, containers, { volumes, graceSeconds });
  checkPodLevel(problems, `${field}.resources`, spec);
  checkHostNetwork(problems, field, spec, isPod);
  problems.oneOf(`${field}.restartPolicy`, spec['restartPolicy'], RESTART_POLICIES);
  problems.oneOf(`${field}.dnsPolicy`, spec['dnsPolicy'], DNS_POLICIES);
  checkLabels(problems, `${field}.nodeSelector`, objectIn(spec, 'nodeSelector'));
  checkSecurity(problems, `${field}.securityContext`, objectIn(spec, 'securityContext'));
  checkAffinity(problems, `${field}.affinity`, objectIn(spec, 'affinity'));
  checkDns(problems, `${field}.dnsConfig`, spec);
  checkGates(problems, field, spec);
  checkSpread(problems, `${field}.topologySpreadConstraints`, listIn(spec, 'topologySpreadConstraints'));
  checkNames(problems, field, spec);
  problems.between(`${field}.activeDeadlineSeconds`, spec['activeDeadlineSeconds'], 1, MOST);
  checkTolerations(problems, `${field}.tolerations`, listIn(spec, 'tolerations'));
  for (const [at, alias] of listIn(spec, 'hostAliases').entries())
    checkIp(problems, `${field}.hostAliases[${at}].ip`, alias['ip']);
  if (textIn(spec, 'priorityClassName') !== '')
    problems.text(`${field}.priorityClassName`, spec['priorityClassName'], dnsSubdomainErrors);
  if (textIn(spec, 'runtimeClassName') !== '')
    problems.text(`${field}.runtimeClassName`, spec['runtimeClassName'], dnsSubdomainErrors);
  if (spec['preemptionPolicy'] !== undefined)
    problems.oneOf(`${field}.preemptionPolicy`, spec['preemptionPolicy'], ['PreemptLowerPriority', 'Never']);
}

/** What is set for the pod as a whole has room for its containers. */
function checkPodLevel(problems: Problems, field: string, spec: Json): void {
  const resources = objectIn(spec, 'resources');
  if (resources === undefined) return;
  checkResources(problems, field, resources);
  const requests = objectIn(resources, 'requests') ?? {};
  for (const [name, sum] of containerTotal(spec as unknown as PodSpec, 'requests')) {
    const own = amountOf(requests[name]) ?? ZERO;
    if (requests[name] !== undefined && sum.nano > own.nano)
      problems.invalid(
        `${field}.requests[${name}]`,
        amountText(own),
        `must be greater than or equal to aggregate container requests of ${amountText(sum)}`,
      );
  }
  const limits = objectIn(resources, 'limits') ?? {};
  for (const [at, container] of listIn(spec, 'containers').entries())
    for (const [name, limit] of Object.entries(objectIn(objectIn(container, 'resources'), 'limits') ?? {})) {
      const [own, most] = [amountOf(limit), amountOf(limits[name])];
      if (own === undefined || most === undefined || own.nano <= most.nano) continue;
      problems.invalid(
        `${field}.containers[${at}][${name}].limits`,
        amountText(own),
        `must be less than or equal to pod limits of ${amountText(most)}`,
      );
    }
}

function checkHostNetwork(problems: Problems, field: string, spec: Json, isPod: boolean): void {
  if (spec['hostNetwork'] !== true) return;
  for (const [at, container] of listIn(spec, 'containers').entries())
    for (const [index, { hostPort, containerPort }] of listIn(container, 'ports').entries())
      if ((isPod || hostPort !== undefined) && hostPort !== containerPort)
        problems.invalid(
          `${field}.containers[${at}].ports[${index}].hostPort`,
          hostPort ?? 0,
          'must match `containerPort` when `hostNetwork` is true',
        );
}

function checkSecurity(problems: Problems, field: string, context: Json | undefined): void {
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup'])
    problems.between(`${field}.${name}`, context?.[name], 0, MOST);
  for (const [at, group] of (listIn(context, 'supplementalGroups') as readonly unknown[]).entries())
    problems.between(`${field}.supplementalGroups[${at}]`, group, 0, MOST);
  const seccomp = objectIn(context, 'seccompProfile');
  if (seccomp !== undefined)
    problems.oneOf(`${field}.seccompProfile.type`, seccomp['type'], ['Localhost', 'RuntimeDefault', 'Unconfined']);
}

function checkDns(problems: Problems, field: string, spec: Json): void {
  const config = objectIn(spec, 'dnsConfig');
  const servers = listIn(config, 'nameservers') as readonly unknown[];
  if (spec['dnsPolicy'] === 'None') {
    if (config === undefined) return problems.required(field, 'must provide `dnsConfig` when `dnsPolicy` is None');
    if (servers.length === 0)
      return problems.required(
        `${field}.nameservers`,
        'must provide at least one DNS nameserver when `dnsPolicy` is None',
      );
  }
  if (servers.length > 3) problems.invalid(`${field}.nameservers`, servers, 'must not have more than 3 nameservers');
  for (const [at, server] of servers.entries()) checkIp(problems, `${field}.nameservers[${at}]`, server);
}

function checkGates(problems: Problems, field: string, spec: Json): void {
  for (const [at, gate] of listIn(spec, 'readinessGates').entries())
    problems.text(`${field}.readinessGates[${at}].conditionType`, gate['conditionType'], qualifiedNameErrors);
  const known = new Set<unknown>();
  for (const [at, { name }] of listIn(spec, 'schedulingGates').entries()) {
    problems.text(`${field}.schedulingGates[${at}]`, name, qualifiedNameErrors);
    if (known.has(name)) problems.duplicate(`${field}.schedulingGates[${at}]`, name);
    known.add(name);
  }
}

function checkNames(problems: Problems, field: string, spec: Json): void {
  for (const name of ['serviceAccountName', 'nodeName'])
    if (textIn(spec, name) !== '') problems.text(`${field}.${name}`, spec[name], dnsSubdomainErrors);
  for (const name of ['hostname', 'subdomain'])
    if (textIn(spec, name) !== '') problems.text(`${field}.${name}`, spec[name], dnsLabelErrors);
}
