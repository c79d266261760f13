/** Ingresses, network policies, and who may do what. Source: `pkg/apis/{networking,rbac}/validation`. */
import type { Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { dns1035LabelErrors, dnsSubdomainErrors, regexText } from '../names.ts';
import { listIn, objectIn, textIn, type Problems } from './problems.ts';
import { checkLabelSelector, checkPort, isIp } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const WILDCARD = '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

function specOf(object: Json): Json {
  return objectIn(object, 'spec') ?? {};
}

export const checkIngress: Check = (problems, ingress) => {
  const spec = specOf(ingress);
  const rules = listIn(spec, 'rules');
  const backend = objectIn(spec, 'defaultBackend');
  if (rules.length === 0 && backend === undefined)
    problems.invalid('spec', shownSpec(spec), 'either `defaultBackend` or `rules` must be specified');
  if (backend !== undefined) checkBackend(problems, 'spec.defaultBackend', backend);
  for (const [at, rule] of rules.entries()) {
    const place = `spec.rules[${at}]`;
    checkHost(problems, `${place}.host`, textIn(rule, 'host'));
    const http = objectIn(rule, 'http');
    if (http === undefined) continue;
    const paths = listIn(http, 'paths');
    if (paths.length === 0) problems.required(`${place}.http.paths`);
    for (const [index, path] of paths.entries()) checkPath(problems, `${place}.http.paths[${index}]`, path);
  }
  if (textIn(spec, 'ingressClassName') !== '')
    problems.text('spec.ingressClassName', spec['ingressClassName'], dnsSubdomainErrors);
};

/** As Go prints it. */
function shownSpec(spec: Json): Json {
  return {
    IngressClassName: spec['ingressClassName'] ?? null,
    DefaultBackend: null,
    TLS: spec['tls'] ?? null,
    Rules: null,
  };
}

function checkHost(problems: Problems, field: string, host: string): void {
  if (host === '') return;
  if (isIp(host)) problems.invalid(field, host, 'must be a DNS name, not an IP address');
  else if (!host.includes('*')) problems.text(field, host, dnsSubdomainErrors);
  else if (!new RegExp(`^${WILDCARD}$`).test(host))
    problems.invalid(
      field,
      host,
      regexText(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        WILDCARD,
        '*.example.com',
      ),
    );
}

const NOT_IN_PATHS = ['//', '/./', '/../', '%2f', '%2F'];
const NOT_AT_END = ['/..', '/.'];

function checkPath(problems: Problems, place: string, path: Json): void {
  const [type, text] = [path['pathType'], textIn(path, 'path')];
  if (type === undefined) problems.required(`${place}.pathType`, 'pathType must be specified');
  else if (!PATH_TYPES.includes(String(type))) problems.notSupported(`${place}.pathType`, type, PATH_TYPES);
  else if (type === 'ImplementationSpecific') {
    if (text !== '' && !text.startsWith('/')) problems.invalid(`${place}.path`, text, 'must be an absolute path');
  } else {
    if (!text.startsWith('/')) problems.invalid(`${place}.path`, text, 'must be an absolute path');
    for (const part of NOT_IN_PATHS)
      if (text.includes(part)) problems.invalid(`${place}.path`, text, `must not contain '${part}'`);
    for (const end of NOT_AT_END)
      if (text.endsWith(end)) problems.invalid(`${place}.path`, text, `cannot end with '${end}'`);
  }
  checkBackend(problems, `${place}.backend`, objectIn(path, 'backend') ?? {});
}

function checkBackend(problems: Problems, place: string, backend: Json): void {
  const [service, resource] = [objectIn(backend, 'service'), objectIn(backend, 'resource')];
  if (service !== undefined && resource !== undefined)
    return problems.invalid(place, '', 'cannot set both resource and service backends');
  if (resource !== undefined) {
    for (const field of ['kind', 'name'])
      if (textIn(resource, field) === '') problems.required(`${place}.resource.${field}`);
    return;
  }
  const name = textIn(service, 'name');
  if (name === '') problems.required(`${place}.service.name`);
  else problems.text(`${place}.service.name`, name, dns1035LabelErrors);
  const port = objectIn(service, 'port') ?? {};
  const [number, named] = [Number(port['number'] ?? 0), textIn(port, 'name')];
  if (number !== 0 && named !== '') problems.invalid(place, '', 'cannot set both port name & port number');
  else if (number !== 0) checkPort(problems, `${place}.service.port.number`, number);
  else if (named !== '') checkPort(problems, `${place}.service.port.name`, named);
  else problems.required(place, 'port name or number is required');
}

export const checkNetworkPolicy: Check = (problems, policy) => {
  const spec = specOf(policy);
  checkLabelSelector(problems, 'spec.podSelector', objectIn(spec, 'podSelector'));
  for (const [direction, side] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const [at, rule] of listIn(spec, direction).entries()) {
      const place = `spec.${direction}[${at}]`;
      for (const [index, { port }] of listIn(rule, 'ports').entries())
        if (port !== undefined) checkPort(problems, `${place}.ports[${index}].port`, port);
      for (const [index, peer] of listIn(rule, side).entries()) checkPeer(problems, `${place}.${side}[${index}]`, peer);
    }
  const types = listIn(spec, 'policyTypes') as readonly unknown[];
  for (const [at, type] of types.entries())
    if (type !== 'Ingress' && type !== 'Egress')
      problems.notSupported(`spec.policyTypes[${at}]`, type, ['Egress', 'Ingress']);
};

function checkPeer(problems: Problems, place: string, peer: Json): void {
  const selectors = ['podSelector', 'namespaceSelector'].filter((field) => peer[field] !== undefined);
  for (const field of selectors) checkLabelSelector(problems, `${place}.${field}`, objectIn(peer, field));
  const block = objectIn(peer, 'ipBlock');
  if (block !== undefined && selectors.length > 0)
    problems.forbidden(place, 'may not specify both ipBlock and another peer');
  if (block === undefined && selectors.length === 0) problems.required(place, 'must specify a peer');
  if (block === undefined) return;
  const range = textIn(block, 'cidr');
  const [address = '', bits = ''] = range.split('/');
  if (range === '') problems.required(`${place}.ipBlock.cidr`);
  else if (!isIp(address) || !/^\d{1,3}$/.test(bits))
    problems.invalid(`${place}.ipBlock.cidr`, range, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}

export const checkRole: Check = (problems, role) => {
  for (const [at, rule] of listIn(role, 'rules').entries()) {
    const place = `rules[${at}]`;
    const isEmpty = (field: string) => listIn(rule, field).length === 0;
    if (isEmpty('verbs')) problems.required(`${place}.verbs`, 'verbs must contain at least one value');
    if (!isEmpty('nonResourceURLs')) {
      if (role['kind'] === 'Role')
        problems.invalid(
          `${place}.nonResourceURLs`,
          rule['nonResourceURLs'],
          'namespaced rules cannot apply to non-resource URLs',
        );
      if (!isEmpty('apiGroups') || !isEmpty('resources') || !isEmpty('resourceNames'))
        problems.invalid(
          `${place}.nonResourceURLs`,
          rule['nonResourceURLs'],
          'rules cannot apply to both regular resources and non-resource URLs',
        );
      continue;
    }
    if (isEmpty('apiGroups'))
      problems.required(`${place}.apiGroups`, 'resource rules must supply at least one api group');
    if (isEmpty('resources'))
      problems.required(`${place}.resources`, 'resource rules must supply at least one resource');
  }
};

const RBAC = 'rbac.authorization.k8s.io';

export const checkBinding: Check = (problems, binding) => {
  const reference = objectIn(binding, 'roleRef') ?? {};
  if (reference['apiGroup'] !== RBAC) problems.notSupported('roleRef.apiGroup', reference['apiGroup'] ?? '', [RBAC]);
  const kinds = binding['kind'] === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  if (!kinds.includes(textIn(reference, 'kind'))) problems.notSupported('roleRef.kind', reference['kind'] ?? '', kinds);
  if (textIn(reference, 'name') === '') problems.required('roleRef.name');
  for (const [at, subject] of listIn(binding, 'subjects').entries())
    checkSubject(problems, `subjects[${at}]`, subject, binding['kind'] === 'ClusterRoleBinding');
};

function checkSubject(problems: Problems, place: string, subject: Json, isCluster: boolean): void {
  const kind = textIn(subject, 'kind');
  if (textIn(subject, 'name') === '') problems.required(`${place}.name`);
  if (kind === 'ServiceAccount') {
    if (textIn(subject, 'name') !== '') problems.text(`${place}.name`, subject['name'], dnsSubdomainErrors);
    if (textIn(subject, 'apiGroup') !== '') problems.notSupported(`${place}.apiGroup`, subject['apiGroup'], ['']);
    if (isCluster && textIn(subject, 'namespace') === '') problems.required(`${place}.namespace`);
  } else if (kind === 'User' || kind === 'Group') {
    if (subject['apiGroup'] !== RBAC) problems.notSupported(`${place}.apiGroup`, subject['apiGroup'] ?? '', [RBAC]);
  } else problems.notSupported(`${place}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
}

export const checkBindingUpdate: CheckUpdate = (problems, binding, previous) => {
  checkBinding(problems, binding);
  if (!sameJson(binding['roleRef'], previous['roleRef']))
    problems.invalid('roleRef', binding['roleRef'], 'cannot change roleRef');
};
