/** How it stands with the Services that one Ingress or route sends traffic to. */
import { namespacedName } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import type { Severity } from '../finding.ts';
import { backings, isDown, type Backing } from './service-endpoints.ts';
import { portlessPorts } from './target-ports.ts';

/** Services, as `namespace/name`, behind which nothing answers. */
export function deadServices(examination: Examination, names: Iterable<string>): readonly Backing[] {
  const all = backings(examination);
  return [...new Set(names)].sort().flatMap((name) => {
    const backing = all.get(name);
    return backing !== undefined && isDead(backing) ? [backing] : [];
  });
}

/** What is meant so is information; the other outages are failures. */
export function outageSeverity(dead: readonly Backing[]): Severity {
  return dead.every(({ state }) => state === 'idle') ? 'info' : dead.every(isUnsure) ? 'low' : 'high';
}

/** `Service shop/web (its pods are not ready)`. */
export function outageText(backing: Backing): string {
  return `Service ${namespacedName(backing.service)} (${WHY[backing.state] ?? 'it has no endpoint for the port'})`;
}

const WHY: Readonly<Partial<Record<Backing['state'], string>>> = {
  unready: 'nothing behind it is ready',
  idle: 'its workload is scaled to zero',
  unselected: 'it selects no pod',
  empty: 'it has no address',
};

function isDead(backing: Backing): boolean {
  const ports = backing.service.spec?.ports ?? [];
  return isDown(backing) || (ports.length > 0 && portlessPorts(backing).length === ports.length);
}

/** Its pods were not read, so that a selector may match all the same. */
function isUnsure({ state, arePodsRead }: Backing): boolean {
  return state === 'unselected' && !arePodsRead;
}
