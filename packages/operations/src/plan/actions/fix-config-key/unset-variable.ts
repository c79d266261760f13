/** Variables that programs miss, and that a ConfigMap or Secret which they are given holds under another name. */
import { refOf, refText, type Container, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { escapedStep } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, Remedy } from '../../remedy.ts';
import { concernedWorkloads, namedContainer } from '../../revisions/concerned-workloads.ts';
import { lastWords } from '../../revisions/last-words.ts';
import { allAvailable, keysOf } from '../../revisions/missing-references.ts';
import { nearKey, type NearName } from '../../revisions/near-names.ts';
import { containersOf, currentTemplate } from '../../revisions/revisions.ts';
import { blockersGone, templateMerged } from '../../revisions/template-change.ts';

/** How programs say that they miss one. */
const MISSING =
  /\bnot (?:set|found|defined|provided|configured|present|specified)\b|\bmissing\b|\brequired?\b|\bundefined\b|\bunset\b|\bmust be (?:set|defined|provided)\b|\bis empty\b|KeyError|unbound variable/i;
/** As variables of environments are written; words of sentences are not. */
const VARIABLE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|(?<=variable:? ['"`]?)[A-Za-z_][A-Za-z0-9_]{2,}/g;

/** A variable that is missing, and where it could come from. */
interface Unset {
  readonly cause: AssessedRootCause;
  readonly workload: KubeObject;
  readonly container: Container;
  readonly variable: string;
  /** ConfigMap or Secret whose keys the container is given, or one of them. */
  readonly object: KubeObject;
  /** Under which the container would find it. */
  readonly key: string;
  readonly near: NearName;
}

/** The key under the name that is missed, beside its own; and a variable that takes it from its own. */
export function unsetVariableRemedies(kind: string, planning: Planning): readonly Remedy[] {
  return planning.causesOf('program-fails', 'container-init-blocked').flatMap((cause) => {
    const unset = unsetIn(cause, planning);
    return unset === undefined ? [] : [...copied(kind, unset, planning), redirected(kind, unset, planning)];
  });
}

function unsetIn(cause: AssessedRootCause, planning: Planning): Unset | undefined {
  const [workload, ...others] = concernedWorkloads(cause, planning);
  const template = workload === undefined ? undefined : currentTemplate(workload);
  if (workload === undefined || template === undefined || others.length > 0 || workload.kind === 'Job')
    return undefined;
  const name = namedContainer(cause, planning);
  const container = containersOf(template).find((one) => one.name === name);
  const variable = container === undefined ? undefined : missedBy(container, lastWords(cause, planning));
  if (container === undefined || variable === undefined) return undefined;
  const [place, ...more] = placesOf(variable, container, workload, planning);
  return place === undefined || more.length > 0 ? undefined : { cause, workload, container, variable, ...place };
}

/** The one variable that the words name as missing. */
function missedBy({ env = [] }: Container, words: readonly string[]): string | undefined {
  const given = new Set(
    env
      .filter(
        ({ valueFrom }) => valueFrom?.configMapKeyRef?.optional !== true && valueFrom?.secretKeyRef?.optional !== true,
      )
      .map(({ name }) => name),
  );
  const named = words.filter((line) => MISSING.test(line)).flatMap((line) => line.match(VARIABLE) ?? []);
  const [first, ...others] = new Set(named.filter((name) => !given.has(name)));
  return others.length > 0 ? undefined : first;
}

type Place = Pick<Unset, 'object' | 'key' | 'near'>;

/** Objects that the container takes as a whole, or that it may take the variable from, and that lack it but have a key near it. */
function placesOf(
  variable: string,
  { env = [], envFrom = [] }: Container,
  { metadata: { namespace = '' } }: KubeObject,
  { snapshot }: Planning,
): readonly Place[] {
  const whole = envFrom.map(({ configMapRef, secretRef, prefix = '' }) => ({
    object: snapshot.get(
      secretRef === undefined ? 'ConfigMap' : 'Secret',
      namespace,
      (configMapRef ?? secretRef)?.name ?? '',
    ),
    key: variable.startsWith(prefix) ? variable.slice(prefix.length) : '',
  }));
  const single = env.flatMap(({ name, valueFrom }) => {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    const reference = configMapKeyRef ?? secretKeyRef;
    if (name !== variable || reference === undefined) return [];
    return [
      {
        object: snapshot.get(secretKeyRef === undefined ? 'ConfigMap' : 'Secret', namespace, reference.name ?? ''),
        key: reference.key,
      },
    ];
  });
  const all = single.length > 0 ? single : whole;
  if (all.some(({ object, key }) => key !== '' && keysOf(object).includes(key))) return [];
  return all.flatMap(({ object, key }): readonly Place[] => {
    const near = object === undefined || key === '' ? undefined : nearKey(key, keysOf(object));
    return object === undefined || near === undefined ? [] : [{ object, key, near }];
  });
}

function copied(kind: string, unset: Unset, { snapshot }: Planning): readonly Remedy[] {
  const { object, key, near, workload, cause, variable } = unset;
  const { immutable = false, binaryData = {} } = object as {
    readonly immutable?: boolean;
    readonly binaryData?: object;
  };
  if (immutable || Object.hasOwn(binaryData, near.name)) return [];
  const target = refOf(object);
  const title = `Give ${refText(target)} the key ${key} beside ${near.name}`;
  const draft: ActionDraft = {
    ...base(kind, unset, title),
    target,
    part: key,
    reason: `${cause.statement} It misses ${variable}, and ${refText(target)}, which it is given, holds what means the same under ${near.name}. Whoever reads that goes on doing so.`,
    changes: [
      {
        kind: 'patch',
        target,
        patch: {
          type: 'json',
          operations: [{ op: 'copy', from: `/data/${escapedStep(near.name)}`, path: `/data/${escapedStep(key)}` }],
        },
      },
      ...blockersGone(workload, snapshot),
    ],
    probe: { conditions: [{ kind: 'exists', target }, ...allAvailable([workload])] },
  };
  return [{ title, resolves: [cause.id], fit: 0.92, drafts: [draft] }];
}

function redirected(kind: string, unset: Unset, { snapshot }: Planning): Remedy {
  const { object, near, workload, cause, variable, container } = unset;
  const target = refOf(workload);
  const title = `Let ${refText(target)} take ${variable} from ${near.name} of ${refText(refOf(object))}`;
  const reference = { name: object.metadata.name, key: near.name };
  const valueFrom = object.kind === 'Secret' ? { secretKeyRef: reference } : { configMapKeyRef: reference };
  const list =
    currentTemplate(workload)?.spec?.initContainers?.includes(container) === true ? 'initContainers' : 'containers';
  const draft: ActionDraft = {
    ...base(kind, unset, title),
    target,
    part: `${container.name}-${variable}`,
    reason: `${cause.statement} It misses ${variable}, and ${refText(refOf(object))} holds what means the same under ${near.name}.`,
    changes: templateMerged(
      workload,
      { [list]: [{ name: container.name, env: [{ name: variable, valueFrom }] }] },
      snapshot,
    ),
  };
  return { title, resolves: [cause.id], fit: 0.9, drafts: [draft] };
}

function base(kind: string, { object, near, cause }: Unset, title: string) {
  return {
    kind,
    title,
    evidence: [fieldEvidence(object, `data["${near.name}"]`, 'is there'), ...cause.evidence.slice(0, 5)],
    confidence: near.confidence,
  };
}
