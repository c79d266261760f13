/**
 * Argo CD: the tracking annotation names the Application and the very object, so that copies of it do not count; older installations
 * track by a label, which charts set too, and which counts where there is such an Application.
 * Source: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ and …/user-guide/auto_sync/
 */
import { groupOf, refText, refOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import { fieldEvidence } from '../../diagnose/examination.ts';
import type { Evidence } from '../../diagnose/evidence.ts';
import { fieldAt, listAt, textAt } from '../../diagnose/open-fields.ts';
import type { Reconciler } from './reconciler.ts';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const LABELS = ['argocd.argoproj.io/instance', 'app.kubernetes.io/instance'] as const;

/** The Application that an object belongs to. */
export function byArgoCd(object: KubeObject, snapshot: ClusterSnapshot): Reconciler | undefined {
  const applications = snapshot.listOf('argoproj.io', 'Application');
  const tracked = trackedBy(object);
  if (tracked !== undefined) {
    const evidence = fieldEvidence(object, `metadata.annotations["${TRACKING}"]`, tracked.id);
    const application = applications.find(({ metadata: { name, namespace = '' } }) =>
      tracked.name === name ? tracked.namespace === undefined || tracked.namespace === namespace : false,
    );
    return reconcilerOf(tracked.name, application, [evidence]);
  }
  for (const label of LABELS) {
    const value = object.metadata.labels?.[label];
    const application = value === undefined ? undefined : applications.find(({ metadata }) => metadata.name === value);
    if (value !== undefined && application !== undefined && manages(application, object))
      return reconcilerOf(value, application, [fieldEvidence(object, `metadata.labels["${label}"]`, value)]);
  }
  return undefined;
}

interface Tracked {
  readonly id: string;
  readonly name: string;
  /** Of the Application, where it is not Argo CD's own. */
  readonly namespace: string | undefined;
}

/** `‹application›:‹group›/‹kind›:‹namespace›/‹name›`; the application as `‹namespace›_‹name›` where it lies elsewhere. */
function trackedBy({ apiVersion, kind, metadata }: KubeObject): Tracked | undefined {
  const id = metadata.annotations?.[TRACKING] ?? '';
  const own = `:${groupOf(apiVersion)}/${kind}:${metadata.namespace ?? ''}/${metadata.name}`;
  if (!id.endsWith(own) || id.length === own.length) return undefined;
  const [first = '', second] = id.slice(0, -own.length).split('_', 2);
  return second === undefined ? { id, name: first, namespace: undefined } : { id, name: second, namespace: first };
}

/** Whether the Application lists the object among its resources; one without a list may. */
function manages(application: KubeObject, { kind, metadata }: KubeObject): boolean {
  const resources = listAt(application, 'status.resources');
  return (
    resources.length === 0 ||
    resources.some((one) => textAt(one, 'kind') === kind && textAt(one, 'name') === metadata.name)
  );
}

function reconcilerOf(name: string, application: KubeObject | undefined, evidence: readonly Evidence[]): Reconciler {
  const base = { reconciler: 'argo-cd', evidence } as const;
  if (application === undefined)
    return {
      ...base,
      name: `Application ${name}`,
      isActive: true,
      form: 'overlay',
      source: `the source of Application ${name}, which was not read`,
    };
  const automated = fieldAt(application, 'spec.syncPolicy.automated');
  const isActive =
    automated !== undefined && automated !== null && fieldAt(automated, 'enabled') !== false && !isSkipped(application);
  const heals = fieldAt(automated, 'selfHeal') === true;
  const source = fieldAt(application, 'spec.source') ?? listAt(application, 'spec.sources')[0];
  const isChart = textAt(source, 'chart') !== undefined || fieldAt(source, 'helm') !== undefined;
  return {
    ...base,
    name: refText(refOf(application)),
    isActive,
    evidence: [
      ...evidence,
      ...(isActive ? [fieldEvidence(application, 'spec.syncPolicy.automated.selfHeal', heals)] : []),
    ],
    source: `${placeOf(source)}${isActive ? '' : ' (it syncs when somebody asks it to, and overwrites the change then)'}`,
    form: isChart ? 'values' : 'overlay',
  };
}

function isSkipped({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true';
}

function placeOf(source: unknown): string {
  const repository = textAt(source, 'repoURL') ?? 'its repository';
  const chart = textAt(source, 'chart');
  const revision = textAt(source, 'targetRevision');
  const path = chart === undefined ? `path ${textAt(source, 'path') ?? '.'}` : `values of chart ${chart}`;
  return `${repository}, ${path}${revision === undefined ? '' : `, revision ${revision}`}`;
}
