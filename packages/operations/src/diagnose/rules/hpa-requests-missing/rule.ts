/** An autoscaler that measures by a request which its target does not state. */
import { refOf, type Container, type PodSpec } from '@aia/cluster';
import {
  autoscalerName,
  autoscalers,
  targetKey,
  type Autoscaler,
  type AutoscalerCase,
} from '../../workloads/autoscalers.ts';
import { isTrue } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingPodsOf } from '../../workloads/shortfall.ts';
import { knownFacts } from '../../finding.ts';
import { listText } from '../../wording.ts';

/** Facts: resources, containers (that state no request), workload (key of the target). */
export const rule: Rule = {
  code: 'hpa-requests-missing',
  title: 'Autoscaler measures by requests that are not stated',
  severity: 'medium',
  explanation:
    'The HorizontalPodAutoscaler scales by utilisation of CPU or memory, which is measured against the requests of the containers, and a container ' +
    'of its target states none; one such container, a sidecar included, is enough for it not to scale. Without metrics it scales by CPU. The rule stays silent for ' +
    'targets of average values, which need no requests, where a limit or a LimitRange gives the request, where running pods have it, ' +
    'and where the autoscaler says that it gets its metric.',
  remediation: {
    class: 'resize-requests',
    text: 'State the requests of every container of the pod, or scale by one container (ContainerResource) or by an average value.',
  },
  aliases: { k8sgpt: ['HPA/4'] },
  needs: [],
  *check(examination) {
    for (const one of autoscalers(examination)) {
      const { hpa, target } = one;
      if (target.state !== 'found' || isTrue(hpa.status?.conditions, 'ScalingActive')) continue;
      const { object } = target;
      const lacking = measuredBy(hpa).flatMap((measure) => lackingIn(examination, one, measure));
      if (lacking.length === 0) continue;
      const resources = [...new Set(lacking.map(({ resource }) => resource))].sort();
      const containers = [...new Set(lacking.map(({ container }) => container))].sort();
      yield {
        resource: refOf(hpa),
        message: `${autoscalerName(hpa)} scales by ${resources.join(' and ')}, of which ${listText(containers)} of ${object.kind} ${object.metadata.name} ${containers.length === 1 ? 'states' : 'state'} no request.`,
        evidence: lacking.map(({ path }) => fieldEvidence(object, path, 'not set')),
        facts: knownFacts({ resources, containers, workload: targetKey(one) }),
      };
    }
  },
};

/** A resource, and the one container that counts where the metric names one. */
interface Measure {
  readonly resource: string;
  readonly container?: string;
}

/** The API's default is 80 % of the requested CPU. */
const DEFAULT: readonly Measure[] = [{ resource: 'cpu' }];

function measuredBy({ spec }: Autoscaler): readonly Measure[] {
  const metrics = spec?.metrics ?? [];
  if (metrics.length === 0) return DEFAULT;
  return metrics.flatMap(({ type, resource, containerResource }): readonly Measure[] => {
    const metric = type === 'Resource' ? resource : type === 'ContainerResource' ? containerResource : undefined;
    if (metric === undefined || (metric.target?.type ?? 'Utilization') !== 'Utilization') return [];
    const { container } = metric as { readonly container?: string };
    return [{ resource: metric.name, ...(container !== undefined && { container }) }];
  });
}

interface Lacking {
  readonly resource: string;
  readonly container: string;
  readonly path: string;
}

function lackingIn(examination: Examination, { hpa, target }: AutoscalerCase, measure: Measure): readonly Lacking[] {
  if (target.state !== 'found') return [];
  const template = target.object.spec?.template?.spec;
  if (template === undefined || isGiven(examination, hpa.metadata.namespace ?? '', measure.resource)) return [];
  const lacking = lackingOf(template, measure, 'spec.template.spec');
  // A webhook may have put into the pods what the template lacks.
  const pods = lacking.length === 0 ? [] : livingPodsOf(examination, target.object);
  const isMended =
    pods.length > 0 && pods.every(({ spec }) => spec !== undefined && lackingOf(spec, measure, '').length === 0);
  return isMended ? [] : lacking;
}

function lackingOf(spec: PodSpec, { resource, container }: Measure, path: string): readonly Lacking[] {
  const level = (spec as PodSpec & { readonly resources?: Container['resources'] }).resources;
  if (level?.requests?.[resource] !== undefined) return [];
  const counted = (fields: readonly Container[] | undefined, name: string, isCounted: (one: Container) => boolean) =>
    (fields ?? []).flatMap((one, i) =>
      isCounted(one) && (container === undefined || one.name === container) && !states(one, resource)
        ? [{ resource, container: one.name, path: `${path}.${name}[${i}].resources.requests.${resource}` }]
        : [],
    );
  return [
    ...counted(spec.containers, 'containers', () => true),
    ...counted(spec.initContainers, 'initContainers', ({ restartPolicy }) => restartPolicy === 'Always'),
  ];
}

/** A limit without a request is the request, too. */
function states({ resources }: Container, resource: string): boolean {
  return resources?.requests?.[resource] !== undefined || resources?.limits?.[resource] !== undefined;
}

/** Whether the namespace gives requests to containers that state none. */
function isGiven({ snapshot }: Examination, namespace: string, resource: string): boolean {
  const limits = snapshot.listIn('LimitRange', namespace).flatMap(({ spec }) => spec?.limits ?? []);
  return limits.some(
    (one) =>
      one.type === 'Container' &&
      [one.defaultRequest, one.default, one.max, one.min].some((given) => given?.[resource] !== undefined),
  );
}
