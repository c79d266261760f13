/** Current values and targets of a HorizontalPodAutoscaler: `cpu: 40%/80%`. */
import type { KindMap } from '../../../model/kinds.ts';
import { NONE, UNKNOWN } from './cells.ts';

type Autoscaler = KindMap['HorizontalPodAutoscaler'];
type Spec = NonNullable<NonNullable<Autoscaler['spec']>['metrics']>[number];
type Current = NonNullable<NonNullable<Autoscaler['status']>['currentMetrics']>[number];

/** At most two of them are shown. */
export function metricsCell({ spec, status }: Autoscaler): string {
  const texts = (spec?.metrics ?? []).map((metric, at) => targetText(metric, status?.currentMetrics?.[at]));
  if (texts.length === 0) return NONE;
  const shown = texts.slice(0, 2).join(', ');
  return texts.length > 2 ? `${shown} + ${texts.length - 2} more...` : shown;
}

function targetText(spec: Spec, current: Current | undefined): string {
  if (spec.type === 'Resource') return resourceText(spec.resource, current?.resource);
  if (spec.type === 'ContainerResource') return resourceText(spec.containerResource, current?.containerResource);
  if (spec.type === 'Pods')
    return `${current?.pods?.current.averageValue ?? UNKNOWN}/${spec.pods?.target.averageValue ?? ''}`;
  const [target, now] =
    spec.type === 'Object'
      ? [spec.object?.target, current?.object?.current]
      : [spec.external?.target, current?.external?.current];
  return target?.averageValue === undefined
    ? `${now?.value ?? UNKNOWN}/${target?.value ?? ''}`
    : `${now?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
}

function resourceText(spec: Spec['resource'], status: Current['resource']): string {
  const name = spec?.name ?? '';
  if (spec?.target.averageValue !== undefined)
    return `${name}: ${status?.current.averageValue ?? UNKNOWN}/${spec.target.averageValue}`;
  const share = (value: number | undefined, without: string) => (value === undefined ? without : `${value}%`);
  return `${name}: ${share(status?.current.averageUtilization, UNKNOWN)}/${share(spec?.target.averageUtilization, '<auto>')}`;
}
