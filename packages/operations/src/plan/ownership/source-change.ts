/** A change as its source would say it, by the kind of source. */
import { stringify } from 'yaml';
import type { ObjectChange } from '../effects/changed-objects.ts';
import { isMasked } from '../effects/masks.ts';
import { chartValues } from './chart-values.ts';
import { overlayPatch } from './overlay-patch.ts';
import type { Reconciler, SourceForm } from './reconciler.ts';
import { sizerPolicyOf } from './sizer-policy.ts';

/** YAML for the source; `undefined` where nothing in it follows from the change. */
export function sourceChangeOf(objects: readonly ObjectChange[], reconciler: Reconciler): string | undefined {
  const texts = objects.flatMap((one) => WRITERS[reconciler.form](one, reconciler) ?? []);
  const text = [...new Set(texts)].join('---\n');
  return text === '' || isMasked(text) ? undefined : text;
}

type Writer = (change: ObjectChange, reconciler: Reconciler) => string | undefined;

const GUESS = '# By the usual layout of charts; compare it with values.yaml of this one.\n';

const WRITERS: Readonly<Record<SourceForm, Writer>> = {
  overlay: (change) => yamlOf(overlayPatch(change)),
  values: (change) => {
    const values = chartValues(change);
    return values === undefined
      ? commented(
          'No value of a chart follows by convention; the object itself is to become:',
          yamlOf(overlayPatch(change)),
        )
      : `${GUESS}${yamlOf(values) ?? ''}`;
  },
  'helm-release': releaseChange,
  'custom-resource': (change, { name }) => commented(`What ${name} has to lead to:`, yamlOf(overlayPatch(change))),
  scaler: ({ after }, { name }) => {
    const { spec } = (after ?? {}) as { readonly spec?: { readonly replicas?: number } };
    const replicas = spec?.replicas ?? 1;
    return `# ${oneLine(name)}\n${yamlOf({ spec: { minReplicas: replicas } }) ?? ''}`;
  },
  sizer: (change, { name }) => {
    const policy = sizerPolicyOf(change);
    return policy === undefined
      ? commented(`${name} decides; its resourcePolicy has to allow:`, yamlOf(overlayPatch(change)))
      : commented(`${name}; beside what its resourcePolicy says of other containers:`, yamlOf(policy));
  },
  none: () => undefined,
};

/** Values by convention, and the very patch for where the chart has no such value. */
function releaseChange(change: ObjectChange): string | undefined {
  const [values, patch] = [chartValues(change), overlayPatch(change)];
  if (patch === undefined) return undefined;
  const { apiVersion = '', kind, metadata } = change.before ?? change.after ?? { kind: '', metadata: { name: '' } };
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const exact = {
    spec: {
      postRenderers: [
        {
          kustomize: {
            patches: [
              { target: { group, version, kind, name: metadata.name }, patch: stringify(patch, { lineWidth: 0 }) },
            ],
          },
        },
      ],
    },
  };
  const guess = values === undefined ? '' : `${GUESS}${yamlOf({ spec: { values } }) ?? ''}---\n`;
  return `${guess}# Without such a value in the chart: exactly this change, after rendering.\n${yamlOf(exact) ?? ''}`;
}

function yamlOf(value: unknown): string | undefined {
  return value === undefined ? undefined : stringify(value, { lineWidth: 0 });
}

function commented(line: string, yaml: string | undefined): string | undefined {
  return yaml === undefined ? undefined : `# ${oneLine(line)}\n${yaml}`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
