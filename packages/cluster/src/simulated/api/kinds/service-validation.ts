/** Services. Source: `ValidateService` in `pkg/apis/core/validation`. */
import type { Json } from '../../../model/unknown-json.ts';
import { dnsLabelErrors, dnsSubdomainErrors, qualifiedNameErrors } from '../names.ts';
import { IMMUTABLE, listIn, objectIn, textIn, type Problems } from './problems.ts';
import { checkIp, checkLabels, checkPort } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const POLICIES = ['Cluster', 'Local'];

function specOf(service: Json): Json {
  return objectIn(service, 'spec') ?? {};
}

function isHeadless(spec: Json): boolean {
  return spec['clusterIP'] === 'None' || (listIn(spec, 'clusterIPs') as readonly unknown[])[0] === 'None';
}

export const checkService: Check = (problems, service) => {
  const spec = specOf(service);
  const type = textIn(spec, 'type');
  const ports = listIn(spec, 'ports');
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') problems.required('spec.ports');
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec))
    problems.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  if (type === 'ExternalName') checkExternalName(problems, spec);
  checkPorts(problems, ports);
  checkLabels(problems, 'spec.selector', objectIn(spec, 'selector'));
  checkAffinity(problems, spec);
  for (const [at, ip] of (listIn(spec, 'externalIPs') as readonly unknown[]).entries())
    checkIp(problems, `spec.externalIPs[${at}]`, ip);
  problems.oneOf('spec.type', spec['type'], TYPES);
  checkNumbers(problems, type, ports);
  checkBalancing(problems, spec, type);
};

function checkExternalName(problems: Problems, spec: Json): void {
  if (listIn(spec, 'clusterIPs').length > 0)
    problems.forbidden('spec.clusterIPs', 'may not be set for ExternalName services');
  if (listIn(spec, 'ipFamilies').length > 0)
    problems.forbidden('spec.ipFamilies', 'may not be set for ExternalName services');
  if (spec['ipFamilyPolicy'] !== undefined)
    problems.forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services');
  const name = textIn(spec, 'externalName').replace(/\.$/, '');
  if (name === '') problems.required('spec.externalName');
  else problems.text('spec.externalName', name, dnsSubdomainErrors);
}

function checkPorts(problems: Problems, ports: readonly Json[]): void {
  const names = new Set<string>();
  for (const [at, port] of ports.entries()) {
    const place = `spec.ports[${at}]`;
    const name = textIn(port, 'name');
    if (name === '' && ports.length > 1) problems.required(`${place}.name`);
    else if (name !== '') {
      problems.text(`${place}.name`, name, dnsLabelErrors);
      if (names.has(name)) problems.duplicate(`${place}.name`, name);
      names.add(name);
    }
    problems.between(`${place}.port`, port['port'] ?? 0, 1, 65_535);
    problems.oneOf(`${place}.protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP']);
    checkPort(problems, `${place}.targetPort`, port['targetPort']);
    if (port['appProtocol'] !== undefined)
      problems.text(`${place}.appProtocol`, port['appProtocol'], qualifiedNameErrors);
  }
}

function checkAffinity(problems: Problems, spec: Json): void {
  problems.oneOf('spec.sessionAffinity', spec['sessionAffinity'], ['ClientIP', 'None']);
  const config = objectIn(spec, 'sessionAffinityConfig');
  if (spec['sessionAffinity'] === 'ClientIP') {
    const seconds = Number(objectIn(config, 'clientIP')?.['timeoutSeconds'] ?? 0);
    if (seconds <= 0 || seconds > 86_400)
      problems.invalid(
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        seconds,
        'must be greater than 0 and less than 86400',
      );
  } else if (spec['sessionAffinity'] === 'None' && config !== undefined)
    problems.forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None');
}

function checkNumbers(problems: Problems, type: string, ports: readonly Json[]): void {
  const nodePorts = new Set<string>();
  const numbers = new Set<string>();
  for (const [at, port] of ports.entries())
    if (type === 'ClusterIP' && (port['nodePort'] ?? 0) !== 0)
      problems.forbidden(`spec.ports[${at}].nodePort`, "may not be used when `type` is 'ClusterIP'");
  for (const [at, { protocol, nodePort }] of ports.entries()) {
    const key = `${String(protocol)}/${String(nodePort)}`;
    if ((nodePort ?? 0) !== 0 && nodePorts.has(key)) problems.duplicate(`spec.ports[${at}].nodePort`, nodePort);
    nodePorts.add(key);
  }
  for (const [at, { protocol, port }] of ports.entries()) {
    const key = `${String(protocol)}/${String(port)}`;
    if (numbers.has(key)) problems.duplicate(`spec.ports[${at}]`, portKey(protocol, port));
    numbers.add(key);
  }
}

/** As Go prints a port of which only protocol and number count. */
function portKey(protocol: unknown, port: unknown): Json {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

function checkBalancing(problems: Problems, spec: Json, type: string): void {
  if (listIn(spec, 'loadBalancerSourceRanges').length > 0 && type !== 'LoadBalancer')
    problems.forbidden('spec.LoadBalancerSourceRanges', "may only be used when `type` is 'LoadBalancer'");
  if (spec['allocateLoadBalancerNodePorts'] !== undefined && type !== 'LoadBalancer')
    problems.forbidden('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'");
  if (spec['loadBalancerClass'] !== undefined && type !== 'LoadBalancer')
    problems.forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'");
  const isExternal =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && listIn(spec, 'externalIPs').length > 0);
  const policy = spec['externalTrafficPolicy'];
  if (!isExternal && policy !== undefined && policy !== '')
    problems.invalid('spec.externalTrafficPolicy', policy, 'may only be set for externally-accessible services');
  if (isExternal) problems.oneOf('spec.externalTrafficPolicy', policy, POLICIES);
  const internal = spec['internalTrafficPolicy'];
  if (internal !== undefined && !POLICIES.includes(String(internal)))
    problems.notSupported('spec.internalTrafficPolicy', internal, POLICIES);
}

export const checkServiceUpdate: CheckUpdate = (problems, service, previous) => {
  const [now, before] = [specOf(service), specOf(previous)];
  const isKept = now['type'] !== 'ExternalName' && before['type'] !== 'ExternalName';
  if (isKept) {
    const [addresses, had]: readonly (readonly unknown[])[] = [listIn(now, 'clusterIPs'), listIn(before, 'clusterIPs')];
    if (had?.[0] !== undefined && addresses?.[0] !== undefined && addresses[0] !== had[0])
      problems.invalid('spec.clusterIPs[0]', addresses, 'may not change once set');
    const [families, hadFamilies]: readonly (readonly unknown[])[] = [
      listIn(now, 'ipFamilies'),
      listIn(before, 'ipFamilies'),
    ];
    if (hadFamilies?.[0] !== undefined && families?.[0] !== undefined && families[0] !== hadFamilies[0])
      problems.invalid('spec.ipFamilies[0]', families, 'may not change once set');
  }
  if (now['type'] === 'LoadBalancer' && before['type'] === 'LoadBalancer')
    if (now['loadBalancerClass'] !== before['loadBalancerClass'])
      problems.invalid('spec.loadBalancerClass', now['loadBalancerClass'], 'may not change once set');
  if (before['healthCheckNodePort'] !== undefined && now['healthCheckNodePort'] !== undefined)
    if (now['healthCheckNodePort'] !== before['healthCheckNodePort'])
      problems.forbidden('spec.healthCheckNodePort', IMMUTABLE);
  checkService(problems, service);
};
