/** Which class an Ingress has, and what kind of controller acts on it. */
import type { KindMap } from '@aia/cluster';
import type { Examination } from '../examination.ts';

type Ingress = KindMap['Ingress'];

/** How the controller of an Ingress works, as far as its class tells. */
export type IngressController = 'gce' | 'alb' | 'azure' | 'other';

export interface IngressClassChoice {
  /** `''` where the Ingress names none. */
  readonly name: string;
  readonly from: 'spec' | 'annotation' | 'default' | 'none';
}

export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class';

/** Classes that controllers know by name alone, without an IngressClass object. */
const BUILT_IN: Readonly<Record<string, IngressController>> = {
  gce: 'gce',
  'gce-internal': 'gce',
  'gce-regional-external': 'gce',
  'gce-multi-cluster': 'gce',
  'azure/application-gateway': 'azure',
};
const CONTROLLERS: Readonly<Record<string, IngressController>> = {
  'ingress.k8s.aws/alb': 'alb',
  'eks.amazonaws.com/alb': 'alb',
  'azure/application-gateway': 'azure',
};

/** The class that an Ingress names, else the default class of the cluster, else none. */
export function classOf({ snapshot }: Examination, { spec, metadata }: Ingress): IngressClassChoice {
  const named = spec?.ingressClassName ?? '';
  if (named !== '') return { name: named, from: 'spec' };
  const annotated = metadata.annotations?.[CLASS_ANNOTATION] ?? '';
  if (annotated !== '') return { name: annotated, from: 'annotation' };
  const fallback = snapshot.list('IngressClass').find(isDefault)?.metadata.name;
  return fallback === undefined ? { name: '', from: 'none' } : { name: fallback, from: 'default' };
}

/** Whether controllers know a class without an IngressClass object. */
export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(BUILT_IN, name);
}

/** The kind of controller; on GKE an Ingress without a class is for its own. */
export function controllerOf(examination: Examination, ingress: Ingress): IngressController {
  const { name, from } = classOf(examination, ingress);
  if (from === 'none') return isGke(examination) ? 'gce' : 'other';
  if (isBuiltIn(name)) return BUILT_IN[name] ?? 'other';
  const controller = examination.snapshot.get('IngressClass', '', name)?.spec?.controller ?? '';
  if (Object.hasOwn(CONTROLLERS, controller)) return CONTROLLERS[controller] ?? 'other';
  return name === 'alb' && controller === '' ? 'alb' : 'other';
}

/** Whether nodes come from GKE, whose own controller acts on every Ingress without a class. */
export function isGke({ snapshot }: Examination): boolean {
  return snapshot.list('Node').some(({ metadata }) => metadata.labels?.['cloud.google.com/gke-nodepool'] !== undefined);
}

/** Whether the Ingress has an address, so that some controller has acted on it. */
export function hasIngressAddress({ status }: Ingress): boolean {
  return (status?.loadBalancer?.ingress ?? []).some(({ ip, hostname }) => (ip ?? hostname ?? '') !== '');
}

function isDefault({ metadata }: KindMap['IngressClass']): boolean {
  return metadata.annotations?.[DEFAULT_ANNOTATION] === 'true';
}
