/** A CronJob whose schedule the controller cannot follow. */
import { isTimeZone, nextTime, parseSchedule, refOf } from '@aia/cluster';
import type { CronJob } from '../../workloads/cron-runs.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import type { FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly } from '../../wording.ts';

/** Facts: schedule, cause (`unreadable`, `time-zone`, `never`, `stated`, `zone-in-schedule`). */
export const rule: Rule = {
  code: 'cron-job-schedule-invalid',
  title: 'Schedule of CronJob cannot be followed',
  severity: 'high',
  explanation:
    'The controller cannot make sense of the schedule or of the time zone, or the schedule names no date that ever comes (30 February), so the ' +
    'CronJob never starts a Job. A schedule has five fields (minute, hour, day of month, month, day of week 0–6, with names, lists, ranges ' +
    'and steps) or is a descriptor such as @hourly or @every 10m. It is low where a time zone stands inside the schedule, which works and is ' +
    'not supported. The rule stays silent for suspended CronJobs.',
  remediation: {
    class: 'restore-configuration',
    text: 'Correct spec.schedule, and name the time zone in spec.timeZone as the IANA database spells it.',
  },
  aliases: { k8sgpt: ['CronJob'], popeye: ['1503'] },
  needs: [],
  *check(examination) {
    for (const cron of livingOf(examination, 'CronJob')) {
      if (cron.spec?.suspend === true || cron.spec?.schedule === undefined) continue;
      const fault = faultOf(examination, cron, cron.spec.schedule);
      if (fault !== undefined) yield draftOf(cron, cron.spec.schedule, fault);
    }
  },
};

interface Fault {
  readonly cause: 'unreadable' | 'time-zone' | 'never' | 'stated' | 'zone-in-schedule';
  readonly why: string;
  readonly evidence: readonly Evidence[];
}

function faultOf(examination: Examination, cron: CronJob, schedule: string): Fault | undefined {
  const evidence = [fieldEvidence(cron, 'spec.schedule', schedule)];
  const { timeZone } = cron.spec ?? {};
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const zone = fieldEvidence(cron, 'spec.timeZone', timeZone);
    return { cause: 'time-zone', why: `there is no time zone "${briefly(timeZone)}"`, evidence: [zone] };
  }
  const parsed = parseSchedule(schedule);
  if ('problem' in parsed) return { cause: 'unreadable', why: briefly(parsed.problem), evidence };
  if (nextTime(parsed.schedule, examination.now) === undefined)
    return { cause: 'never', why: 'it names no date that ever comes', evidence };
  const [event] = examination.warnings(cron, 'UnparseableSchedule', 'InvalidSchedule', 'UnknownTimeZone');
  // An event of before the schedule was corrected says nothing of the one that can be read.
  if (event !== undefined && cron.status?.lastScheduleTime === undefined)
    return { cause: 'stated', why: briefly(eventText(event)), evidence: [...evidence, eventEvidence(event)] };
  return schedule.includes('TZ=')
    ? { cause: 'zone-in-schedule', why: 'a time zone inside the schedule is not supported', evidence }
    : undefined;
}

function draftOf(cron: CronJob, schedule: string, { cause, why, evidence }: Fault): FindingDraft {
  const { namespace = '', name } = cron.metadata;
  const works = cause === 'zone-in-schedule';
  return {
    resource: refOf(cron),
    ...(works && { severity: 'low' }),
    message: `CronJob ${namespace}/${name} ${works ? 'should name its time zone elsewhere' : 'never starts a Job'}: ${why} (schedule "${briefly(schedule)}").`,
    evidence,
    facts: { schedule, cause },
  };
}
