import { refKey, refText } from '@aia/cluster';
import { counted } from '../../counted.ts';
import { paragraph, tableOr, type Cell, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';

/** Ways in from outside: address, certificate, what asking gave, and whether they are there after the plan. */
export function endpoints({ inventory, strategy: { rehearsal, lights } }: StrategyView): Section {
  const after = new Map((rehearsal?.inventory?.loadBalancers ?? []).map((one) => [refKey(one.service), one]));
  const urls = new Set((rehearsal?.inventory?.endpoints ?? []).map(({ url }) => url));
  const asked = inventory.endpoints.filter(({ outcome }) => outcome !== 'not-asked').length;
  const light = lights.find(({ id }) => id === 'experience');
  return {
    id: 'endpoints',
    title: 'Endpoints and user experience',
    blocks: [
      ...(light === undefined ? [] : [paragraph(`${light.word}; ${light.basis}.`)]),
      ...(inventory.endpoints.length === 0
        ? []
        : [paragraph(`${counted(inventory.endpoints.length, 'way')} in from outside, ${asked} of them asked.`)]),
      tableOr(
        'Nothing is exposed: no Ingress, Gateway or load balancer has an address, and no endpoint was asked.',
        ['Endpoint', 'Exposed by', 'Answer', 'Certificate', 'After the plan'],
        inventory.endpoints.map(
          ({ url, exposedBy, address, outcome, answer, certificate }): readonly (string | Cell)[] => [
            address === undefined || url.includes(address) ? url : `${url} at ${address}`,
            exposedBy === undefined ? '–' : refText(exposedBy),
            { text: answer, tone: outcome === 'answers' ? 'good' : outcome === 'fails' ? 'bad' : 'dim' },
            certificate ?? '–',
            afterwards(
              exposedBy === undefined ? undefined : after.get(refKey(exposedBy)),
              url,
              urls,
              rehearsal !== undefined,
            ),
          ],
        ),
      ),
    ],
  };
}

function afterwards(
  then: { readonly readyEndpoints?: number | undefined; readonly addresses: readonly string[] } | undefined,
  url: string,
  urls: ReadonlySet<string>,
  isRehearsed: boolean,
): string {
  if (!isRehearsed) return '–';
  if (then === undefined) return urls.has(url) ? 'unchanged' : 'no longer exposed so; see the load balancers';
  if (then.addresses.length === 0) return 'has no address on the twin';
  return then.readyEndpoints === undefined ? 'address kept' : `address kept, ${then.readyEndpoints} ready behind it`;
}
