/** Evidence: what a sentence of a report rests on. Every kind can be looked up again by hand. */
import type { ResourceRef } from '@aia/cluster';

/** What a sentence rests on, by kind of source. */
export type Evidence =
  /** A field of an object, by path: `status.containerStatuses[0].state.waiting.reason`. */
  | { readonly kind: 'field'; readonly resource: ResourceRef; readonly path: string; readonly value: string }
  /** An event. `at` is epoch milliseconds of its last occurrence. */
  | {
      readonly kind: 'event';
      readonly resource: ResourceRef;
      readonly reason: string;
      readonly message: string;
      readonly count: number;
      readonly at: number;
    }
  /** A figure from metrics or usage history, with its unit and how many samples over how long it rests on. */
  | {
      readonly kind: 'metric';
      readonly resource: ResourceRef;
      readonly name: string;
      readonly value: number;
      readonly unit: string;
      readonly samples: number;
      readonly spanMs: number;
    }
  /** A cloud quota. */
  | {
      readonly kind: 'quota';
      readonly metric: string;
      readonly region: string;
      readonly limit: number;
      readonly usage: number;
    }
  /** Something else the cloud said: autoscaler status, visibility log, addresses. */
  | { readonly kind: 'cloud'; readonly source: string; readonly text: string; readonly at: number | undefined }
  /** Something that is not there although it is referred to, in a kind that was read completely. */
  | { readonly kind: 'absence'; readonly resource: ResourceRef; readonly text: string }
  /** Lines of a container's log. */
  | {
      readonly kind: 'log';
      readonly resource: ResourceRef;
      readonly container: string;
      readonly lines: readonly string[];
    }
  /** A certificate's facts. */
  | { readonly kind: 'certificate'; readonly subject: string; readonly text: string; readonly notAfterAt: number }
  /** The outcome of a calculation or simulation on this snapshot, restated so that it can be repeated. */
  | { readonly kind: 'calculation'; readonly text: string };
