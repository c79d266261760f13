/** Values of the environment that programs refuse, and say so. */
import { refOf, refText, type Container, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { escapedStep } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads, namedContainer } from '../../revisions/concerned-workloads.ts';
import { currentTemplate } from '../../revisions/revisions.ts';
import { lastWords } from '../../revisions/last-words.ts';
import { allAvailable } from '../../revisions/missing-references.ts';
import { blockersGone, templateMerged } from '../../revisions/template-change.ts';
import { meantValue } from './meant-value.ts';

const MINUTE = 60_000;
const MASKED = /\[redacted\]/;

/** Proposes the value that was meant, where the program names the variable. */
export const fixEnvironment: ActionKind = {
  kind: 'fix-environment',
  title: 'Correct a value of the environment',
  explanation:
    'Where a program ends and its last words name one variable of its environment: corrects the value, in the template or in the ConfigMap that it comes from. What was meant is told by the form (a URL without its second slash, a letter O behind a number, a comma at the end), or by the value that the same variable has elsewhere and that is a slip of the pen away. Refuses where more than one variable is named, the value comes from a Secret or was masked, or nothing tells what was meant.',
  capability: 'configuration',
  prior: { alpha: 7, beta: 2, basis: 'the program names the variable' },
  durationMs: { optimistic: MINUTE, likely: 4 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => planning.causesOf('program-fails').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

interface Variable {
  readonly name: string;
  readonly value: string;
  /** The ConfigMap and key that it comes from; `undefined` for one of the template. */
  readonly from?: { readonly map: KubeObject; readonly key: string };
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const [workload, ...others] = concernedWorkloads(cause, planning);
  // Of a bare pod there is no workload that could be changed.
  if (workload === undefined || others.length > 0) return undefined;
  const container = currentTemplate(workload)?.spec?.containers.find(
    ({ name }) => name === namedContainer(cause, planning),
  );
  if (container === undefined) return undefined;
  const words = lastWords(cause, planning);
  const [variable, ...more] = variablesOf(container, workload, planning).filter(({ name }) => isNamed(name, words));
  if (variable === undefined || more.length > 0 || MASKED.test(variable.value)) return undefined;
  const meant = meantValue(variable.value, valuesElsewhere(variable, planning));
  if (meant === undefined) return undefined;
  const target = variable.from === undefined ? refOf(workload) : refOf(variable.from.map);
  const title = `Correct ${variable.name} of ${refText(refOf(workload))}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.9,
    drafts: [
      {
        kind: fixEnvironment.kind,
        title,
        target,
        part: variable.name,
        reason: `${cause.statement} It names ${variable.name}, whose value is ${JSON.stringify(variable.value)}; ${meant.because}.`,
        evidence: [
          fieldEvidence(
            variable.from?.map ?? workload,
            variable.from === undefined ? `env[${variable.name}]` : `data["${variable.from.key}"]`,
            variable.value,
          ),
          ...cause.evidence.slice(0, 4),
        ],
        confidence: meant.confidence,
        changes: changesFor(variable, meant.value, { workload, container, target }, planning),
        probe: { conditions: [{ kind: 'exists', target }, ...allAvailable([workload])] },
      },
    ],
  };
}

/** Containers that crash take the value of a ConfigMap anew when they are started again. */
function changesFor(
  { name, from }: Variable,
  value: string,
  {
    workload,
    container,
    target,
  }: { readonly workload: KubeObject; readonly container: Container; readonly target: ResourceRef },
  { snapshot }: Planning,
): readonly Change[] {
  if (from === undefined)
    return templateMerged(workload, { containers: [{ name: container.name, env: [{ name, value }] }] }, snapshot);
  const operations = [{ op: 'replace' as const, path: `/data/${escapedStep(from.key)}`, value }];
  return [{ kind: 'patch', target, patch: { type: 'json', operations } }, ...blockersGone(workload, snapshot)];
}

function isNamed(name: string, words: readonly string[]): boolean {
  if (name.length < 3) return false;
  return words.some((line) => line.split(/[^A-Za-z0-9_.-]+/).some((word) => word.replace(/[.:]+$/, '') === name));
}

function variablesOf(
  { env = [], envFrom = [] }: Container,
  { metadata }: KubeObject,
  { snapshot }: Planning,
): readonly Variable[] {
  const mapOf = (name = '') => snapshot.get('ConfigMap', metadata.namespace ?? '', name);
  const own = env.flatMap(({ name, value, valueFrom }): readonly Variable[] => {
    const reference = valueFrom?.configMapKeyRef;
    if (reference === undefined) return value === undefined ? [] : [{ name, value }];
    const map = mapOf(reference.name);
    const held = map?.data?.[reference.key];
    return map === undefined || held === undefined || map.immutable === true
      ? []
      : [{ name, value: held, from: { map, key: reference.key } }];
  });
  const whole = envFrom.flatMap(({ configMapRef, prefix = '' }) => {
    const map = configMapRef === undefined ? undefined : mapOf(configMapRef.name);
    if (map === undefined || map.immutable === true) return [];
    return Object.entries(map.data ?? {}).map(([key, value]) => ({
      name: `${prefix}${key}`,
      value,
      from: { map, key },
    }));
  });
  const named = new Set(own.map(({ name }) => name));
  return [...own, ...whole.filter(({ name }) => !named.has(name))];
}

/** Values under the same key of other ConfigMaps. */
function valuesElsewhere({ name, from }: Variable, { snapshot }: Planning): readonly string[] {
  const key = from?.key ?? name;
  const values = snapshot.list('ConfigMap').flatMap((map) => (map === from?.map ? [] : (map.data?.[key] ?? [])));
  return [...new Set(values)].filter((value) => !MASKED.test(value));
}
