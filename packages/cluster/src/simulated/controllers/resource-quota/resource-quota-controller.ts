/**
 * Says in each ResourceQuota what is limited and what is taken. Admission adds to it at once; this takes away what is gone.
 * Source: `pkg/controller/resourcequota`
 */
import { sameJson } from '../../../snapshot/diff.ts';
import type { ResourceQuota } from '../../../model/kinds.ts';
import { RESOURCE_QUOTAS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { QuotaTally } from './quota-tally.ts';

export function resourceQuotaController({ api }: SimulationContext): Controller {
  /** By namespace, then by name. */
  const tallies = new Map<string, Map<string, QuotaTally>>();
  const talliesOf = (namespace: string): Map<string, QuotaTally> => {
    const known = tallies.get(namespace) ?? new Map<string, QuotaTally>();
    if (known.size === 0) tallies.set(namespace, known);
    return known;
  };
  const onQuota = ({ kind, object, previous }: Change): readonly string[] => {
    const { namespace = '', name } = object.metadata;
    if (kind === 'DELETED') talliesOf(namespace).delete(name);
    else if (!sameJson((object as ResourceQuota).spec, (previous as ResourceQuota | undefined)?.spec))
      talliesOf(namespace).delete(name);
    else return [];
    return kind === 'DELETED' ? [] : [`${namespace}/${name}`];
  };
  return {
    name: 'resourcequota-controller',
    hearsEvents: true,
    keysOf(change) {
      const { namespace = '' } = change.object.metadata;
      const known = tallies.get(namespace);
      for (const tally of known?.values() ?? []) tally.apply(change);
      const keys = [...(known?.keys() ?? [])].map((name) => `${namespace}/${name}`);
      if (change.type === RESOURCE_QUOTAS) {
        const own = onQuota(change);
        return change.kind === 'MODIFIED' ? own : [...new Set([...keys, ...own])];
      }
      return keys;
    },
    reconcile(key) {
      const [namespace = '', name = ''] = key.split('/');
      const quota = api.store.get(RESOURCE_QUOTAS, namespace, name);
      if (quota === undefined) return undefined;
      const ofNamespace = talliesOf(namespace);
      const tally = ofNamespace.get(name) ?? new QuotaTally(quota, api.store, api.types);
      ofNamespace.set(name, tally);
      const status = { hard: quota.spec?.hard ?? {}, used: tally.used };
      if (!sameJson(quota.status, status))
        api.changeStatus(RESOURCE_QUOTAS, namespace, name, (one) => ({ ...one, status }));
      return undefined;
    },
  };
}
