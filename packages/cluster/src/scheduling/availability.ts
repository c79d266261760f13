/** How the scheduler tells why no node takes a pod: `0/6 nodes are available: 4 Insufficient cpu, 2 …`. */

/** A reason with the nodes that gave it. */
export interface CountedReason {
  readonly text: string;
  readonly nodes: number;
}

/** Reasons, counted, in the order of the message: sorted as rendered text, so `10 …` stands before `2 …`. */
export function countReasons(
  reasons: readonly string[],
  wording: (reason: string) => string,
): readonly CountedReason[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const worded = new Map<string, number>();
  for (const [reason, nodes] of counts) worded.set(wording(reason), (worded.get(wording(reason)) ?? 0) + nodes);
  return [...worded]
    .map(([text, nodes]) => ({ text, nodes, line: `${nodes} ${text}` }))
    .sort((a, b) => (a.line < b.line ? -1 : 1))
    .map(({ text, nodes }) => ({ text, nodes }));
}

/** `0/6 nodes are available: 4 Insufficient cpu, 2 …`. */
export function availability(total: number, reasons: readonly CountedReason[]): string {
  const list = reasons.map(({ text, nodes }) => `${nodes} ${text}`).join(', ');
  return `0/${total} nodes are available: ${list}.`;
}

/** Why evicting pods of lower priority does not help on a node. */
export const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
export const NO_VICTIMS = 'No preemption victims found for incoming pod';
