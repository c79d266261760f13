/** Work that ends: CronJobs and Jobs. */
import { drawImage } from './image.ts';
import { make, type Json, type Population } from './population.ts';
import type { Style } from './style.ts';

/** Up to two CronJobs. */
export function addCronJobs(population: Population, namespace: string, style: Style): void {
  const { draw, pools } = population;
  for (const name of draw.shuffled(pools.tasks).slice(
    0,
    draw.weighted([
      [0, 3],
      [1, 4],
      [2, 1],
    ] as const),
  ))
    make(population, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: draw.chance(0.5) ? name : `${namespace}-${name}`, namespace },
      spec: {
        schedule: drawSchedule(population),
        concurrencyPolicy: draw.pick(['Forbid', 'Forbid', 'Allow', 'Replace']),
        successfulJobsHistoryLimit: draw.pick([1, 3]),
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: { backoffLimit: draw.pick([1, 3, 6]), template: templateOf(population, style, name) } },
      },
    });
}

function drawSchedule({ draw }: Population): string {
  const minute = draw.integer(0, 59);
  return draw.weighted([
    [`*/${draw.pick([10, 15, 20, 30])} * * * *`, 3],
    [`${minute} * * * *`, 3],
    [`${minute} ${draw.integer(0, 23)} * * *`, 3],
    [`${minute} ${draw.integer(0, 23)} * * ${draw.integer(0, 6)}`, 1],
  ]);
}

/** A Job that a release left behind, done. */
export function addFinishedJob(population: Population, namespace: string, style: Style): void {
  const { draw } = population;
  if (!draw.chance(0.3)) return;
  const name = `${draw.pick(['migrate', 'seed', 'backfill', 'upgrade'])}-${draw.letters(5)}`;
  make(population, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: { backoffLimit: 3, template: templateOf(population, style, name) },
  });
}

function templateOf({ draw }: Population, style: Style, name: string): Json {
  return {
    spec: {
      restartPolicy: draw.pick(['Never', 'OnFailure']),
      containers: [
        {
          name: 'task',
          image: drawImage(draw, style, name),
          args: [name],
          env: [{ name: 'SECRET', valueFrom: { secretKeyRef: { name: style.credentials, key: style.secretKey } } }],
          resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        },
      ],
    },
  };
}
