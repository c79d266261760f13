/** A watch as the body of an answer: one line of JSON per event, sent when the client takes them. */
import type { Watch, WatchEvent } from '../api/watch.ts';

/**
 * The stream ends with the watch; when the client goes, the watch does. Nothing is held here: what waits, waits in the watch, which
 * ends when it is too much.
 */
export function watchAnswer(watch: Watch, encode: (event: WatchEvent, isFirst: boolean) => unknown): Response {
  const encoder = new TextEncoder();
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const events = await nextEvents(watch);
        for (const event of events) {
          controller.enqueue(encoder.encode(`${JSON.stringify(encode(event, isFirst))}\n`));
          isFirst = false;
        }
        if (events.length === 0) controller.close();
      },
      cancel: () => watch.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'cache-control': 'no-cache, private', 'content-type': 'application/json' } });
}

/** Waits for some; none when the watch has ended. What comes while nobody takes it stays in the watch. */
async function nextEvents(watch: Watch): Promise<readonly WatchEvent[]> {
  for (;;) {
    const events = watch.take();
    if (events.length > 0 || watch.ended) return events;
    await new Promise<void>((resolve) => watch.whenReady(resolve));
  }
}
