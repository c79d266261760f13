/**
 * Which number each field of a message has, read from the lines in `numbers/` when somebody asks.
 *
 * A line is the name of a message with its fields in the order of their numbers, from 1; `7=name` where a number does not follow the one
 * before. `!` after a name: zero and empty text say something, where they otherwise mean that the field is not given. `*Name`: the
 * fields of another message, which JSON has in this one. Source: protobuf tags of the Go types in `k8s.io/api`.
 */
import { ADMISSIONREGISTRATION_V1_NUMBERS } from './numbers/admissionregistration-v1.ts';
import { APPS_V1_NUMBERS } from './numbers/apps-v1.ts';
import { AUTHENTICATION_V1_NUMBERS } from './numbers/authentication-v1.ts';
import { AUTHORIZATION_V1_NUMBERS } from './numbers/authorization-v1.ts';
import { AUTOSCALING_V1_NUMBERS } from './numbers/autoscaling-v1.ts';
import { AUTOSCALING_V2_NUMBERS } from './numbers/autoscaling-v2.ts';
import { BATCH_V1_NUMBERS } from './numbers/batch-v1.ts';
import { CERTIFICATES_V1_NUMBERS } from './numbers/certificates-v1.ts';
import { COORDINATION_V1_NUMBERS } from './numbers/coordination-v1.ts';
import { CORE_V1_NUMBERS } from './numbers/core-v1.ts';
import { DISCOVERY_V1_NUMBERS } from './numbers/discovery-v1.ts';
import { EVENTS_V1_NUMBERS } from './numbers/events-v1.ts';
import { META_V1_NUMBERS } from './numbers/meta-v1.ts';
import { NETWORKING_V1_NUMBERS } from './numbers/networking-v1.ts';
import { NODE_V1_NUMBERS } from './numbers/node-v1.ts';
import { POLICY_V1_NUMBERS } from './numbers/policy-v1.ts';
import { RBAC_V1_NUMBERS } from './numbers/rbac-v1.ts';
import { SCHEDULING_V1_NUMBERS } from './numbers/scheduling-v1.ts';
import { STORAGE_V1_NUMBERS } from './numbers/storage-v1.ts';

/** One field of a message. */
export interface NumberedField {
  /** As in JSON; of {@link inlined} messages their own name. */
  readonly name: string;
  readonly keepsZero: boolean;
  readonly inlined: boolean;
}

/** Fields by their number. */
export type Message = ReadonlyMap<number, NumberedField>;

/** Lines by the package of the Go types, as OpenAPI names it. */
const LINES: Readonly<Record<string, string>> = {
  'io.k8s.api.admissionregistration.v1': ADMISSIONREGISTRATION_V1_NUMBERS,
  'io.k8s.api.apps.v1': APPS_V1_NUMBERS,
  'io.k8s.api.authentication.v1': AUTHENTICATION_V1_NUMBERS,
  'io.k8s.api.authorization.v1': AUTHORIZATION_V1_NUMBERS,
  'io.k8s.api.autoscaling.v1': AUTOSCALING_V1_NUMBERS,
  'io.k8s.api.autoscaling.v2': AUTOSCALING_V2_NUMBERS,
  'io.k8s.api.batch.v1': BATCH_V1_NUMBERS,
  'io.k8s.api.certificates.v1': CERTIFICATES_V1_NUMBERS,
  'io.k8s.api.coordination.v1': COORDINATION_V1_NUMBERS,
  'io.k8s.api.core.v1': CORE_V1_NUMBERS,
  'io.k8s.api.discovery.v1': DISCOVERY_V1_NUMBERS,
  'io.k8s.api.events.v1': EVENTS_V1_NUMBERS,
  'io.k8s.apimachinery.pkg.apis.meta.v1': META_V1_NUMBERS,
  'io.k8s.api.networking.v1': NETWORKING_V1_NUMBERS,
  'io.k8s.api.node.v1': NODE_V1_NUMBERS,
  'io.k8s.api.policy.v1': POLICY_V1_NUMBERS,
  'io.k8s.api.rbac.v1': RBAC_V1_NUMBERS,
  'io.k8s.api.scheduling.v1': SCHEDULING_V1_NUMBERS,
  'io.k8s.api.storage.v1': STORAGE_V1_NUMBERS,
};

const read = new Map<string, ReadonlyMap<string, Message>>();

/** By the full name, such as `io.k8s.api.core.v1.PodSpec`; `undefined` for one that is not known. */
export function messageOf(fullName: string): Message | undefined {
  const end = fullName.lastIndexOf('.');
  return messagesOf(fullName.slice(0, end)).get(fullName.slice(end + 1));
}

function messagesOf(home: string): ReadonlyMap<string, Message> {
  const known = read.get(home);
  if (known !== undefined) return known;
  const lines = (LINES[home] ?? '').split('\n').filter((line) => line !== '');
  const messages = new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), fieldsOf(line.split(' ').slice(1))]));
  read.set(home, messages);
  return messages;
}

function fieldsOf(words: readonly string[]): Message {
  let number = 0;
  return new Map(
    words.map((word) => {
      const [, given, inlined, name = '', keeps] = /^(?:(\d+)=)?(\*?)([^!]+)(!?)$/.exec(word) ?? [];
      number = given === undefined ? number + 1 : Number(given);
      return [number, { name, keepsZero: keeps === '!', inlined: inlined === '*' }] as const;
    }),
  );
}
