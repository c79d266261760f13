/** What takes a controller, or what it stands for, some time: when it is done. */
export class Undertakings {
  readonly #doneAt = new Map<string, number>();

  has(key: string): boolean {
    return this.#doneAt.has(key);
  }

  /** Milliseconds that are left of what was first asked for `takesMs` ago; 0 when it is done, which forgets it. */
  leftMs(key: string, takesMs: number, now: number): number {
    const doneAt = this.#doneAt.get(key) ?? now + takesMs;
    if (doneAt <= now) this.#doneAt.delete(key);
    else this.#doneAt.set(key, doneAt);
    return Math.max(0, doneAt - now);
  }

  forget(key: string): void {
    this.#doneAt.delete(key);
  }
}
