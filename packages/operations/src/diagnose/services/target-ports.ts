/** Target ports of Services that nothing behind them has. */
import type { Container } from '@aia/cluster';
import { lastingContainers } from '../pods/lasting-containers.ts';
import type { Backing } from './service-endpoints.ts';

type ServicePort = NonNullable<NonNullable<Backing['service']['spec']>['ports']>[number];

/** Ports whose target is a name that no container behind the Service gives to a port. */
export function portlessPorts(backing: Backing): readonly ServicePort[] {
  const named = portsOf(backing).filter(
    ({ targetPort }) => typeof targetPort === 'string' && targetPort !== '' && !isNumeric(targetPort),
  );
  const sets = named.length === 0 ? [] : containerSets(backing);
  if (sets.length === 0) return [];
  return named.filter((port) => !sets.some((set) => set.some(hasPort(port))));
}

/**
 * Ports whose target is a number that no container behind the Service declares, although every one of them declares others.
 * Declaring is voluntary, so such a port may be open all the same.
 */
export function undeclaredPorts(backing: Backing): readonly ServicePort[] {
  const numbered = portsOf(backing).filter((port) => isNumeric(targetOf(port)));
  const sets = numbered.length === 0 ? [] : containerSets(backing);
  if (sets.length === 0) return [];
  const missing = numbered.filter((port) => !sets.some((set) => set.some(hasPort(port))));
  const isVoluntary = missing.length === 0 || sets.some((set) => set.some(({ ports = [] }) => ports.length === 0));
  return isVoluntary ? [] : missing;
}

/** The number or name of the port that connections end at; the Service's own where it names none. */
export function targetOf({ port, targetPort }: ServicePort): string | number {
  return targetPort === undefined || targetPort === 0 || targetPort === '' ? port : targetPort;
}

function portsOf({ service }: Backing): readonly ServicePort[] {
  return service.spec?.ports ?? [];
}

function isNumeric(target: string | number): boolean {
  return typeof target === 'number' || /^\d{1,5}$/.test(target);
}

/** Containers of each pod, or of each template where no pod exists. */
function containerSets({ pods, makers }: Backing): readonly (readonly Container[])[] {
  const sets = pods.length > 0 ? pods.map(lastingContainers) : makers.map(({ containers }) => containers);
  // A template whose containers were not read may declare anything.
  return sets.some((set) => set.length === 0) ? [] : sets;
}

function hasPort(wanted: ServicePort): (container: Container) => boolean {
  const target = String(targetOf(wanted));
  return ({ ports = [] }) =>
    ports.some(
      ({ name, containerPort, protocol = 'TCP' }) =>
        protocol === (wanted.protocol ?? 'TCP') && (name === target || String(containerPort) === target),
    );
}
