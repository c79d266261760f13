/** What holds a namespace that is being deleted: the messages of its conditions, Kubernetes 1.14–1.36. */
import { plainText } from './event-text.ts';

/** What the namespace controller names; each list is empty where it names none. */
export interface NamespaceHold {
  /** APIs that did not answer, as `version.group`, the name of their APIService. */
  readonly apis: readonly string[];
  /** Kinds that are left, as `plural.group`, with how many. */
  readonly remaining: readonly string[];
  /** Finalizers on what is left, with how many objects hold them. */
  readonly finalizers: readonly string[];
}

/** `custom.metrics.k8s.io/v1beta1: the server is currently unable to handle the request`, `… : stale GroupVersion discovery` */
const API =
  /(?<![\w./-])([a-z0-9][a-z0-9.-]{0,250})\/(v\d{1,3}(?:(?:alpha|beta)\d{1,3})?): (?=the server|stale|Get |an error|no response)/g;
/** `widgets.acme.io has 2 resource instances`; the core group leaves `pods.`. */
const REMAINING = /(?<![\w.-])([a-z0-9][\w.-]{0,250}) has (\d{1,9}) resource instances/g;
/** `acme.io/cleanup in 2 resource instances` */
const FINALIZER = /(?<![\w./-])([a-zA-Z0-9][\w./-]{0,250}) in (\d{1,9}) resource instances/g;

/** Reads one condition's message. */
export function parseNamespaceHold(message: string): NamespaceHold {
  const text = plainText(message).slice(0, LONGEST);
  return {
    apis: [...text.matchAll(API)].map(([, group = '', version = '']) => `${version}.${group}`),
    remaining: [...text.matchAll(REMAINING)].map(([, kind = '', count = '']) => `${kind.replace(/\.$/, '')} ${count}`),
    finalizers: [...text.matchAll(FINALIZER)].map(([, name = '', count = '']) => `${name} ${count}`),
  };
}

const LONGEST = 20_000;
