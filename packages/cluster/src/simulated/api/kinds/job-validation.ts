/** Jobs and CronJobs. Source: `pkg/apis/batch/validation`. */
import { isTimeZone } from '../../../model/cron/time-zone.ts';
import { matchesSelector, type Labels, type LabelSelector } from '../../../model/selector.ts';
import type { Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { scheduleError } from './schedule-error.ts';
import { checkTemplate } from './pod/pod-validation.ts';
import { IMMUTABLE, objectIn, textIn, type Problems } from './problems.ts';
import { checkLabelSelector } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const COUNTS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];

function specOf(object: Json): Json {
  return objectIn(object, 'spec') ?? {};
}

function labelsOf(template: Json | undefined): Json {
  return objectIn(objectIn(template, 'metadata'), 'labels') ?? {};
}

export const checkJob: Check = (problems, job) => {
  const spec = specOf(job);
  if (spec['manualSelector'] !== true) checkGenerated(problems, job, spec);
  const selector = objectIn(spec, 'selector');
  if (selector === undefined) problems.required('spec.selector');
  else checkLabelSelector(problems, 'spec.selector', selector);
  checkJobSpec(problems, 'spec', spec);
  const labels = labelsOf(objectIn(spec, 'template'));
  if (selector !== undefined && !matchesSelector(selector as LabelSelector, labels as Labels))
    problems.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
};

/** The labels that bind pods to their Job are those that the server made. */
function checkGenerated(problems: Problems, job: Json, spec: Json): void {
  const { uid, name } = objectIn(job, 'metadata') ?? {};
  const labels = labelsOf(objectIn(spec, 'template'));
  const expected = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  for (const [key, value] of Object.entries(expected)) {
    const field = `spec.template.metadata.labels[${key}]`;
    if (labels[key] === undefined) problems.required(field, `must be '${String(value)}'`);
    else if (labels[key] !== value) problems.invalid(field, labels, `must be '${String(value)}'`);
  }
  const selector = objectIn(spec, 'selector');
  const matched = objectIn(selector, 'matchLabels');
  if (
    selector !== undefined &&
    matched?.['batch.kubernetes.io/controller-uid'] !== uid &&
    matched?.['controller-uid'] !== uid
  )
    problems.invalid('spec.selector', selector, '`selector` not auto-generated');
}

function checkJobSpec(problems: Problems, field: string, spec: Json): void {
  for (const name of COUNTS) problems.nonNegative(`${field}.${name}`, spec[name]);
  const mode = spec['completionMode'];
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== 'Indexed')
    problems.notSupported(`${field}.completionMode`, mode, ['Indexed', 'NonIndexed']);
  if (mode === 'Indexed' && spec['completions'] === undefined)
    problems.required(`${field}.completions`, 'when completion mode is Indexed');
  if (spec['backoffLimitPerIndex'] !== undefined && mode !== 'Indexed')
    problems.invalid(`${field}.backoffLimitPerIndex`, spec['backoffLimitPerIndex'], 'requires indexed completion mode');
  const template = objectIn(spec, 'template') ?? {};
  checkTemplate(problems, `${field}.template`, template);
  const policy = textIn(specOf(template), 'restartPolicy');
  if (policy === '' || policy === 'Always')
    problems.required(`${field}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"');
  else if (policy !== 'OnFailure' && policy !== 'Never')
    problems.notSupported(`${field}.template.spec.restartPolicy`, policy, ['OnFailure', 'Never']);
  else if (spec['podFailurePolicy'] !== undefined && policy !== 'Never')
    problems.invalid(
      `${field}.template.spec.restartPolicy`,
      policy,
      'only "Never" is supported when podFailurePolicy is specified',
    );
}

const FIXED = ['completions', 'selector', 'template', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex'];

export const checkJobUpdate: CheckUpdate = (problems, job, previous) => {
  checkJob(problems, job);
  const [now, before] = [specOf(job), specOf(previous)];
  for (const field of FIXED)
    if (!sameJson(now[field], before[field]) && !mayChange(field, job, previous))
      problems.invalid(`spec.${field}`, now[field], IMMUTABLE);
};

/** Templates of suspended Jobs that never ran, and completions of indexed ones along with their parallelism, may change. */
function mayChange(field: string, job: Json, previous: Json): boolean {
  const [now, before] = [specOf(job), specOf(previous)];
  if (field === 'completions') return now['completionMode'] === 'Indexed' && now['completions'] === now['parallelism'];
  const isWaiting = before['suspend'] === true && objectIn(previous, 'status')?.['startTime'] === undefined;
  return field === 'template' && isWaiting && sameJson(fixedTemplate(now), fixedTemplate(before));
}

const DIRECTIVES = ['affinity', 'nodeSelector', 'schedulingGates', 'tolerations'];

/** A template without what says where its pods go. */
function fixedTemplate(spec: Json): unknown {
  const template = objectIn(spec, 'template') ?? {};
  const kept = Object.entries(specOf(template)).filter(([field]) => !DIRECTIVES.includes(field));
  return Object.fromEntries(kept);
}

export const checkCronJob: Check = (problems, cronJob) => {
  const spec = specOf(cronJob);
  const name = textIn(objectIn(cronJob, 'metadata'), 'name');
  const schedule = textIn(spec, 'schedule');
  if (schedule === '') problems.required('spec.schedule');
  else checkSchedule(problems, schedule);
  problems.nonNegative('spec.startingDeadlineSeconds', spec['startingDeadlineSeconds']);
  checkTimeZone(problems, spec['timeZone']);
  problems.oneOf('spec.concurrencyPolicy', spec['concurrencyPolicy'], ['Allow', 'Forbid', 'Replace']);
  const jobSpec = specOf(objectIn(spec, 'jobTemplate') ?? {});
  checkJobSpec(problems, 'spec.jobTemplate.spec', jobSpec);
  if (jobSpec['selector'] !== undefined)
    problems.invalid('spec.jobTemplate.spec.selector', jobSpec['selector'], '`selector` will be auto-generated');
  if (jobSpec['manualSelector'] === true)
    problems.notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']);
  for (const field of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
    problems.nonNegative(`spec.${field}`, spec[field]);
  // Jobs add eleven letters to it.
  if (name.length > 52) problems.invalid('metadata.name', name, 'must be no more than 52 characters');
};

function checkSchedule(problems: Problems, schedule: string): void {
  if (schedule.includes('TZ'))
    return problems.invalid(
      'spec.schedule',
      schedule,
      'cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    );
  const wrong = scheduleError(schedule);
  if (wrong !== undefined) problems.invalid('spec.schedule', schedule, wrong);
}

function checkTimeZone(problems: Problems, zone: unknown): void {
  if (zone === undefined) return;
  if (zone === '') return problems.invalid('spec.timeZone', zone, 'must be nil or non-empty string');
  if (zone === 'Local')
    return problems.invalid(
      'spec.timeZone',
      zone,
      'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    );
  if (!isTimeZone(String(zone))) problems.invalid('spec.timeZone', zone, `unknown time zone ${String(zone)}`);
}
