/**
 * ConfigMaps, Secrets and keys that pod templates need and the snapshot shows to be absent, resolved once per template.
 * The kubelet's own words, about pods that failed already, are read in `pod-setup.ts`.
 */
import { configReferences, refKey, refOf, refText, type ClusterSnapshot, type ConfigReference } from '@aia/cluster';
import { keysOf, namePath } from './configuration-reference.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../examination.ts';
import type { FindingDraft } from '../finding.ts';
import { unique } from '../order.ts';
import { workloadTemplates, type WorkloadTemplate } from '../workloads/workload-templates.ts';
import { listText } from '../wording.ts';

/** One object, or one key of an object, that a workload needs and that is not there. */
export interface MissingReference {
  readonly template: WorkloadTemplate;
  readonly kind: ConfigReference['kind'];
  readonly name: string;
  /** Set when the object is there and the key is not. */
  readonly key: string | undefined;
  /** Keys that are there. */
  readonly keys: readonly string[];
  /** Where the template needs it; never empty. */
  readonly references: readonly ConfigReference[];
}

const known = new WeakMap<Examination, readonly MissingReference[]>();

/** Findings about missing objects (`keys` false) or missing keys of present ones (`keys` true) of one kind. */
export function* missingReferenceDrafts(
  examination: Examination,
  kind: ConfigReference['kind'],
  keys: boolean,
): Iterable<FindingDraft> {
  let missing = known.get(examination);
  if (missing === undefined) known.set(examination, (missing = missingReferences(examination)));
  for (const one of missing) if (one.kind === kind && (one.key !== undefined) === keys) yield draftOf(one);
}

/** All that is missing, in the order of the templates. Workloads within the grace period are left out: their objects may still come. */
function missingReferences(examination: Examination): readonly MissingReference[] {
  const { thresholds } = examination;
  return workloadTemplates(examination)
    .filter(({ holder }) => (examination.ageMs(holder.metadata.creationTimestamp) ?? Infinity) >= thresholds.graceMs)
    .flatMap((template) => missingOf(examination.snapshot, template));
}

function missingOf(snapshot: ClusterSnapshot, template: WorkloadTemplate): readonly MissingReference[] {
  const needed = configReferences(template.spec, template.namespace, template.path).filter(({ optional }) => !optional);
  const objects = Map.groupBy(needed, ({ kind, name }) => `${kind}/${name}`);
  return [...objects.values()].flatMap((references): readonly MissingReference[] => {
    const [{ kind, name, namespace }] = references as [ConfigReference];
    const shell = { template, kind, name };
    const keys = keysOf(snapshot, template.spec, { kind, name, namespace });
    if (keys === 'absent') return [{ ...shell, key: undefined, keys: [], references }];
    if (keys === undefined) return [];
    const absent = unique(references.flatMap((reference) => reference.keys)).filter((key) => !keys.has(key));
    return absent.map((key) => ({
      ...shell,
      key,
      keys: [...keys].sort(),
      references: references.filter((reference) => reference.keys.includes(key)),
    }));
  });
}

function draftOf({ template, kind, name, key, keys, references }: MissingReference): FindingDraft {
  const { workload, holder, namespace, isComplete } = template;
  const resource = refOf(workload);
  const uses = unique(references.map(useText));
  const what = key === undefined ? `${kind} ${name}` : `key ${key} of ${kind} ${name}`;
  const effect = isComplete ? 'its pods run, but the next one to start will fail' : 'its pods cannot start';
  const absence = key === undefined ? `not among the ${kind}s of the namespace` : keysText(keys, key);
  return {
    resource,
    part: key === undefined ? name : `${name}/${key}`,
    severity: isComplete ? 'medium' : 'high',
    message: `${refText(resource)} needs ${what} (${listText(uses)}), which does not exist; ${effect}.`,
    evidence: [
      ...references
        .slice(0, 3)
        .map((reference) =>
          key !== undefined && reference.use === 'env'
            ? fieldEvidence(holder, `${reference.path}.key`, key)
            : fieldEvidence(holder, namePath(reference), name),
        ),
      absenceEvidence(kind, namespace, name, absence),
    ],
    facts: {
      objectKind: kind,
      objectName: name,
      workload: refKey(resource),
      uses,
      ...(key === undefined ? {} : { key }),
    },
  };
}

function useText({ use, container, volume }: ConfigReference): string {
  return use === 'env' || use === 'envFrom' ? `environment of container ${container}` : `volume ${volume}`;
}

function keysText(keys: readonly string[], key: string): string {
  if (keys.length === 0) return `has no keys at all, so not ${key}`;
  return `has ${keys.length === 1 ? 'key' : 'keys'} ${listText(keys, 8)}, not ${key}`;
}
