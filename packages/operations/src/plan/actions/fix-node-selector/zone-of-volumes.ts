/** Pods that are to run in another zone than their volumes are in. */
import type { KubeObject, PersistentVolume, PodSpec } from '@aia/cluster';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { placeText } from '../../../diagnose/storage/volume-topology.ts';
import type { Planning } from '../../planning.ts';
import type { TemplateRepair } from '../../rollout/template-repair.ts';
import { withRequirements } from './node-requirements.ts';

/** As Kubernetes and CSI drivers name the zone of a node. */
const ZONES: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.gke.io/zone',
]);

/** The spec in the zone of the volumes that its claims are bound to, where it asks for another one. */
export function inZoneOfVolumes(workload: KubeObject, spec: PodSpec, planning: Planning): readonly TemplateRepair[] {
  const volumes = volumesOf(workload, spec, planning);
  const [first] = volumes;
  const zones = new Set(volumes.map((volume) => zonesOf(volume).join()));
  const [zone] = first === undefined ? [] : zonesOf(first);
  if (first === undefined || zone === undefined || zones.size > 1) return [];
  const moved = withRequirements(spec, (key, value) => ({ key, value: ZONES.has(key) ? zone : value }));
  return [
    {
      spec: moved,
      title: `Run in zone ${zone}, where its volume is`,
      reason: `PersistentVolume ${first.metadata.name} can only be used in ${placeText(first)}, and its data stays where it is.`,
      evidence: [fieldEvidence(first, 'spec.nodeAffinity.required', placeText(first))],
      confidence: 0.9,
      fit: 0.96,
    },
  ];
}

function volumesOf(workload: KubeObject, spec: PodSpec, { snapshot }: Planning): readonly PersistentVolume[] {
  const namespace = workload.metadata.namespace ?? '';
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    const claim = snapshot.get('PersistentVolumeClaim', namespace, persistentVolumeClaim?.claimName ?? '');
    return snapshot.get('PersistentVolume', '', claim?.spec?.volumeName ?? '') ?? [];
  });
}

function zonesOf({ spec }: PersistentVolume): readonly string[] {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms
    .flatMap(({ matchExpressions = [] }) => matchExpressions)
    .filter(({ key, operator }) => ZONES.has(key) && operator === 'In')
    .flatMap(({ values = [] }) => values);
}
