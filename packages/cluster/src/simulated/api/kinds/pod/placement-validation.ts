/** Where pods may run: affinity, tolerations, spread. Source: `pkg/apis/core/validation`. */
import type { Json } from '../../../../model/unknown-json.ts';
import { dnsLabelErrors, dnsSubdomainErrors, labelValueErrors, qualifiedNameErrors } from '../../names.ts';
import { listIn, objectIn, textIn, type Problems } from '../problems.ts';
import { checkLabelSelector, checkValueCount } from '../text-rules.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function checkAffinity(problems: Problems, field: string, affinity: Json | undefined): void {
  const node = objectIn(affinity, 'nodeAffinity');
  if (node !== undefined) checkNodeAffinity(problems, `${field}.nodeAffinity`, node);
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    const pod = objectIn(affinity, name);
    for (const [at, term] of listIn(pod, REQUIRED).entries())
      checkPodTerm(problems, `${field}.${name}.${REQUIRED}[${at}]`, term);
    for (const [at, weighted] of listIn(pod, PREFERRED).entries()) {
      const place = `${field}.${name}.${PREFERRED}[${at}]`;
      checkWeight(problems, place, weighted);
      checkPodTerm(problems, `${place}.podAffinityTerm`, objectIn(weighted, 'podAffinityTerm') ?? {});
    }
  }
}

function checkWeight(problems: Problems, place: string, { weight }: Json): void {
  const value = Number(weight ?? 0);
  if (value <= 0 || value > 100) problems.invalid(`${place}.weight`, value, 'must be in the range 1-100');
}

function checkNodeAffinity(problems: Problems, field: string, affinity: Json): void {
  const required = objectIn(affinity, REQUIRED);
  if (required !== undefined) checkNodeSelector(problems, `${field}.${REQUIRED}`, required);
  for (const [at, preferred] of listIn(affinity, PREFERRED).entries()) {
    const place = `${field}.${PREFERRED}[${at}]`;
    checkWeight(problems, place, preferred);
    checkNodeTerm(problems, `${place}.preference`, objectIn(preferred, 'preference') ?? {}, false);
  }
}

/** Terms that select nodes. */
export function checkNodeSelector(problems: Problems, field: string, selector: Json): void {
  const terms = listIn(selector, 'nodeSelectorTerms');
  if (terms.length === 0) problems.required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term');
  for (const [at, term] of terms.entries()) checkNodeTerm(problems, `${field}.nodeSelectorTerms[${at}]`, term, true);
}

function checkNodeTerm(problems: Problems, place: string, term: Json, checksValues: boolean): void {
  for (const [at, requirement] of listIn(term, 'matchExpressions').entries())
    checkNodeRequirement(problems, `${place}.matchExpressions[${at}]`, requirement, checksValues);
  for (const [at, requirement] of listIn(term, 'matchFields').entries())
    checkNodeField(problems, `${place}.matchFields[${at}]`, requirement);
}

function checkNodeRequirement(problems: Problems, place: string, requirement: Json, checksValues: boolean): void {
  const values = (requirement['values'] ?? []) as readonly unknown[];
  const operator = textIn(requirement, 'operator');
  if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      problems.required(`${place}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else if (!checkValueCount(problems, place, requirement))
    problems.invalid(`${place}.operator`, operator, 'not a valid selector operator');
  problems.text(`${place}.key`, requirement['key'], qualifiedNameErrors);
  if (!checksValues) return;
  for (const [at, value] of values.entries()) problems.text(`${place}.values[${at}]`, value, labelValueErrors);
}

function checkNodeField(problems: Problems, place: string, requirement: Json): void {
  const values = (requirement['values'] ?? []) as readonly unknown[];
  const operator = textIn(requirement, 'operator');
  if (operator !== 'In' && operator !== 'NotIn')
    problems.invalid(`${place}.operator`, operator, 'not a valid selector operator');
  else if (values.length !== 1)
    problems.required(
      `${place}.values`,
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    );
  if (requirement['key'] !== 'metadata.name')
    problems.invalid(`${place}.key`, requirement['key'], 'not a valid field selector key');
  else for (const [at, value] of values.entries()) problems.text(`${place}.values[${at}]`, value, dnsSubdomainErrors);
}

function checkPodTerm(problems: Problems, place: string, term: Json): void {
  checkLabelSelector(problems, `${place}.labelSelector`, objectIn(term, 'labelSelector'));
  checkLabelSelector(problems, `${place}.namespaceSelector`, objectIn(term, 'namespaceSelector'));
  for (const name of listIn(term, 'namespaces') as readonly unknown[])
    problems.text(`${place}.namespace`, name, dnsLabelErrors);
  const key = textIn(term, 'topologyKey');
  if (key === '') problems.required(`${place}.topologyKey`, 'can not be empty');
  problems.text(`${place}.topologyKey`, key, qualifiedNameErrors);
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function checkTolerations(problems: Problems, field: string, tolerations: readonly Json[]): void {
  for (const [at, toleration] of tolerations.entries()) {
    const place = `${field}[${at}]`;
    const [key, operator] = [textIn(toleration, 'key'), textIn(toleration, 'operator')];
    const [value, effect] = [textIn(toleration, 'value'), textIn(toleration, 'effect')];
    if (key !== '') problems.text(`${place}.key`, key, qualifiedNameErrors);
    else if (operator !== 'Exists')
      problems.invalid(
        `${place}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute')
      problems.invalid(`${place}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    if (operator === '' || operator === 'Equal') {
      const wrong = labelValueErrors(value);
      if (wrong.length > 0) problems.invalid(`${place}.operator`, value, wrong.join(';'));
    } else if (operator === 'Exists') {
      if (value !== '') problems.invalid(`${place}.operator`, value, "value must be empty when `operator` is 'Exists'");
    } else problems.notSupported(`${place}.operator`, operator, ['Equal', 'Exists']);
    if (effect !== '' && !EFFECTS.includes(effect)) problems.notSupported(`${place}.effect`, effect, EFFECTS);
  }
}

/** Taints of a node. */
export function checkTaints(problems: Problems, field: string, taints: readonly Json[]): void {
  const known = new Set<string>();
  for (const [at, taint] of taints.entries()) {
    const place = `${field}[${at}]`;
    problems.text(`${place}.key`, taint['key'], qualifiedNameErrors);
    const wrong = labelValueErrors(textIn(taint, 'value'));
    if (wrong.length > 0) problems.invalid(`${place}.value`, taint['value'], wrong.join(';'));
    problems.oneOf(`${place}.effect`, taint['effect'], EFFECTS);
    const key = `${textIn(taint, 'effect')}/${textIn(taint, 'key')}`;
    if (known.has(key))
      problems.found.push({
        type: 'FieldValueDuplicate',
        field: place,
        value: taint,
        detail: 'taints must be unique by key and effect pair',
      });
    known.add(key);
  }
}

export function checkSpread(problems: Problems, field: string, constraints: readonly Json[]): void {
  const known = new Set<string>();
  for (const [at, constraint] of constraints.entries()) {
    const place = `${field}[${at}]`;
    const skew = Number(constraint['maxSkew'] ?? 0);
    if (skew <= 0) problems.invalid(`${place}.maxSkew`, skew, 'must be greater than zero');
    const key = textIn(constraint, 'topologyKey');
    if (key === '') problems.required(`${place}.topologyKey`, 'can not be empty');
    else problems.text(`${place}.topologyKey`, key, qualifiedNameErrors);
    const action = constraint['whenUnsatisfiable'];
    if (action !== 'DoNotSchedule' && action !== 'ScheduleAnyway')
      problems.notSupported(`${place}.whenUnsatisfiable`, action ?? '', ['DoNotSchedule', 'ScheduleAnyway']);
    const pair = `{${key}, ${String(action)}}`;
    if (known.has(pair)) problems.duplicate(`${place}.{topologyKey, whenUnsatisfiable}`, pair);
    known.add(pair);
    checkDomains(problems, place, constraint);
    checkLabelSelector(problems, `${place}.labelSelector`, objectIn(constraint, 'labelSelector'));
  }
}

function checkDomains(problems: Problems, place: string, { minDomains, whenUnsatisfiable }: Json): void {
  if (minDomains === undefined) return;
  if (Number(minDomains) <= 0) problems.invalid(`${place}.minDomains`, minDomains, 'must be greater than zero');
  else if (whenUnsatisfiable !== 'DoNotSchedule')
    problems.invalid(
      `${place}.minDomains`,
      minDomains,
      'can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
    );
}
