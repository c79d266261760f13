/** A simulation run as text for a terminal. */
import type { SimulationRun } from '@aia/contract';
import { Page, PLAIN, type TextOptions } from '@aia/operations';
import { durationText } from './what-if-text.ts';

const DEFAULT_WIDTH = 100;
/** Of a section; the rest is counted. */
const MOST_LINES = 40;

/** The cluster, what went wrong, what was told, how it fares, and what the diagnosis makes of it. */
export function simulationRunText(
  run: SimulationRun,
  { width = DEFAULT_WIDTH, style = PLAIN }: TextOptions = {},
): string {
  const page = new Page(style, width);
  tellCluster(page, run);
  tellFaults(page, run);
  tellTimeline(page, run);
  tellHealth(page, run);
  tellCauses(page, run);
  return page.toString();
}

function tellCluster(page: Page, { cluster, context, seed, split, startedAt, endedAt }: SimulationRun): void {
  page.title(`Cluster ${cluster.name}, ${cluster.region} (seed ${seed}, ${split})`);
  const pools = cluster.pools.map(({ name, machineType, nodes }) => `${nodes} ${machineType} in ${name}`).join(', ');
  page.text(`${pools}; ${cluster.namespaces} namespaces, ${cluster.workloads} workloads, ${cluster.pods} pods.`, {
    indent: 2,
  });
  const numbers = Object.entries(context).map(([name, value]) => `${name}=${Number(value.toFixed(3))}`);
  page.text(numbers.join(' '), { indent: 2, mark: page.style.dim });
  page.text(`${new Date(startedAt).toISOString()}, and ${durationText(endedAt - startedAt)} from there.`, {
    indent: 2,
  });
}

function tellFaults(page: Page, { faults, noise }: SimulationRun): void {
  page.title('What goes wrong');
  for (const { kind, parameters, entities, classes, remedy } of faults) {
    const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    page.text(`${kind}${values.length === 0 ? '' : ` (${values.join(', ')})`}`, { indent: 2, mark: page.style.strong });
    page.text(`${classes.join(' or ')} at ${entities.join(' or ')}`, { indent: 4, column: 12, label: 'truth' });
    page.text(remedy ?? 'nothing in the cluster or its cloud', { indent: 4, column: 12, label: 'helps' });
  }
  if (faults.length === 0) page.text('nothing', { indent: 2 });
  if (noise.length > 0)
    page.text(`and ${noise.length} things without harm, such as ${noise[0]?.kind}`, {
      indent: 2,
      mark: page.style.dim,
    });
}

function tellTimeline(page: Page, { timeline, startedAt }: SimulationRun): void {
  page.title('What is told');
  for (const { at, about, reason, message, count } of timeline.slice(0, MOST_LINES))
    page.text(`${about}: ${reason}${count > 1 ? ` ×${count}` : ''}: ${message}`, {
      ...{ indent: 2, column: 12, label: `+${durationText(at - startedAt)}` },
    });
  if (timeline.length > MOST_LINES) page.text(`and ${timeline.length - MOST_LINES} more`, { indent: 12 });
  if (timeline.length === 0) page.text('nothing of note', { indent: 2 });
}

function tellHealth(page: Page, { health: { before, after }, cluster }: SimulationRun): void {
  page.title('What works');
  page.text(
    `${percent(before.share)} before, ${percent(after.share)} at the end, of ${cluster.wanted} things that are wanted`,
    { indent: 2 },
  );
  for (const { entity, reason, message } of after.shortfalls.slice(0, MOST_LINES))
    page.text(`${entity}: ${message}`, { indent: 2, column: 18, label: reason, labelMark: page.style.bad });
}

function tellCauses(page: Page, { causes, faults }: SimulationRun): void {
  page.title('What the diagnosis says');
  causes.slice(0, MOST_LINES).forEach(({ title, probability, fault }, i) =>
    page.text(`${title} (${percent(probability)})${fault === undefined ? '' : ` = ${fault}`}`, {
      ...{ indent: 2, column: 6, label: `${i + 1}.` },
      ...(fault === undefined ? {} : { mark: page.style.good }),
    }),
  );
  if (causes.length === 0) page.text('nothing is wrong', { indent: 2 });
  for (const { kind } of faults.filter(({ foundAt }) => foundAt === undefined))
    page.text(`${kind} is not found`, { indent: 2, mark: page.style.bad });
}

function percent(part: number): string {
  return `${Math.round(part * 1000) / 10} %`;
}
