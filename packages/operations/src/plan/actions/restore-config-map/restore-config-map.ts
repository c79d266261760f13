/** ConfigMaps that workloads need and that are gone: made again from what else is there. */
import { refText, type ClusterSnapshot, type KindMap } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import {
  allAvailable,
  keysOf,
  missingReferences,
  workloadsOf,
  type MissingReference,
} from '../../revisions/missing-references.ts';
import { wantedFiles } from './wanted-files.ts';

type ConfigMap = KindMap['ConfigMap'];

const MINUTE = 60_000;
const MASKED = /\[redacted\]/;

/** Proposes a copy from another namespace, a least configuration of a well-known program, or what a person has to look for. */
export const restoreConfigMap: ActionKind = {
  kind: 'restore-config-map',
  title: 'Make a missing ConfigMap',
  explanation:
    'Makes a ConfigMap that workloads need and that is not there: from the one of the same name in another namespace, where it has all keys; or as the least configuration by which a well-known program starts (Alertmanager, Prometheus, Grafana, nginx, Fluent Bit, the OpenTelemetry collector), under the key that arguments, mount or image ask for, with what is to be filled in marked. Where nothing tells what belongs into it, a person is asked, with the keys that are needed. Values that were masked when the cluster was read are never written.',
  capability: 'configuration',
  prior: { alpha: 6, beta: 2, basis: 'a program starts by a valid configuration' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    missingReferences(planning, 'config-map-missing').flatMap((one) => [
      ...copied(one, planning),
      ...fromTemplate(one),
      byPerson(one),
    ]),
};

type Draft = Pick<ActionDraft, 'title' | 'reason' | 'confidence' | 'changes'> & Partial<ActionDraft>;

function remedyOf({ cause, object, uses }: MissingReference, fit: number, draft: Draft): Remedy {
  const { evidence = [], ...rest } = draft;
  return {
    title: draft.title,
    resolves: [cause.id],
    fit,
    drafts: [
      {
        kind: restoreConfigMap.kind,
        target: object,
        probe: { conditions: [{ kind: 'exists', target: object }, ...allAvailable(workloadsOf(uses))] },
        ...rest,
        evidence: [...evidence, ...cause.evidence.slice(0, 3)],
      },
    ],
  };
}

function create({ object }: MissingReference, content: Pick<ConfigMap, 'data' | 'binaryData'>): Change {
  const { namespace, name } = object;
  return { kind: 'create', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, ...content } };
}

function copied(missing: MissingReference, planning: Planning): readonly Remedy[] {
  const sources = elsewhere(missing, planning.snapshot);
  const [source] = sources;
  // Two that differ leave open which is right.
  if (source === undefined || new Set(sources.map(({ data }) => JSON.stringify(data))).size > 1) return [];
  const { data, binaryData, metadata } = source;
  const from = metadata.namespace ?? '';
  const title = `Make ${refText(missing.object)} as it is in namespace ${from}`;
  const isHome = Object.values(data ?? {}).some((value) => value.includes(from));
  return [
    remedyOf(missing, 0.7, {
      title,
      reason: `${missing.cause.statement} Namespace ${from} has a ConfigMap of the same name with ${missing.keys.length === 0 ? 'what is asked for' : missing.keys.join(', ')}.${isHome ? ` Its values name ${from}, which may have to be another name here.` : ''}`,
      confidence: isHome ? 0.4 : 0.6,
      evidence: [fieldEvidence(source, 'metadata.name', metadata.name)],
      changes: [
        create(missing, { ...(data !== undefined && { data }), ...(binaryData !== undefined && { binaryData }) }),
      ],
      risks: [{ reason: 'values of one namespace may not suit another', adds: 0.1 }],
    }),
  ];
}

function elsewhere({ object, keys }: MissingReference, snapshot: ClusterSnapshot): readonly ConfigMap[] {
  return snapshot
    .list('ConfigMap')
    .filter(({ metadata }) => metadata.name === object.name && metadata.namespace !== object.namespace)
    .filter((one) => keysOf(one).length > 0 && keys.every((key) => keysOf(one).includes(key)))
    .filter(({ data = {} }) => !Object.values(data).some((value) => MASKED.test(value)))
    .toSorted((a, b) => ((a.metadata.namespace ?? '') < (b.metadata.namespace ?? '') ? -1 : 1));
}

function fromTemplate(missing: MissingReference): readonly Remedy[] {
  const files = wantedFiles(missing.uses);
  const [first] = files ?? [];
  if (files === undefined || first === undefined) return [];
  const program = first.template.program;
  const title = `Make ${refText(missing.object)} with the least configuration of ${program}`;
  const data = Object.fromEntries(files.map(({ key, template }) => [key, template.content]));
  const named = files.map(({ key, because }) => `${key}, since ${because}`).join('; ');
  const open = [...new Set(files.map(({ template }) => template.open))].join(' ');
  return [
    remedyOf(missing, 0.75, {
      title,
      reason: `${missing.cause.statement} Nothing that was read tells what it held. ${program} starts by this least configuration, under ${named}. ${open}`,
      confidence: 0.75,
      changes: [create(missing, { data })],
      risks: [{ reason: 'it is a beginning, and what it held before is not in it', adds: 0.08 }],
    }),
  ];
}

function byPerson(missing: MissingReference): Remedy {
  const { object, keys, uses } = missing;
  const what = refText(object);
  const users = workloadsOf(uses)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .join(', ');
  const needed =
    keys.length === 0 ? 'whatever these read' : `the ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`;
  return remedyOf(missing, 0.3, {
    title: `Have ${what} made again by whoever owns it`,
    part: 'person',
    reason: `${missing.cause.statement} Nothing that was read tells what belongs into it.`,
    confidence: 0.9,
    changes: [
      {
        kind: 'manual',
        instruction: `Make ${what} with ${needed}, from the chart, repository or backup that it came from; ${users} in namespace ${object.namespace} need it, and start by themselves once it is there.`,
      },
    ],
    probe: { conditions: [{ kind: 'told', statement: `${what} is there again.` }] },
  });
}
