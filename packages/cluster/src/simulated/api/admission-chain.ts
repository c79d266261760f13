/** The admission plugins of an API server, asked one after the other. */
import type { KubeObject } from '../../model/kube-object.ts';
import type { Admission, AdmissionPlugin } from './request.ts';

/** Plugins in the order in which they are asked. They know nothing of the shapes of kinds. */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  /** What comes of the object before it is validated. @throws ApiError where a plugin refuses */
  mutated<T extends KubeObject>(admission: Admission<T>): Admission<T> {
    return this.#changed(admission, (plugin, current) => plugin.mutate?.(current));
  }

  /** @throws ApiError where a plugin refuses */
  validated<T extends KubeObject>(admission: Admission<T>): Admission<T> {
    for (const plugin of this.#plugins) plugin.validate?.(admission as unknown as Admission);
    return admission;
  }

  /** With what is given out only once nothing can go wrong any more. */
  completed<T extends KubeObject>(admission: Admission<T>): Admission<T> {
    return this.#changed(admission, (plugin, current) => plugin.complete?.(current));
  }

  /** Tells all that a write was done. */
  stored<T extends KubeObject>(admission: Admission<T>): void {
    for (const plugin of this.#plugins) plugin.stored?.(admission as unknown as Admission);
  }

  #changed<T extends KubeObject>(
    admission: Admission<T>,
    ask: (plugin: AdmissionPlugin, current: Admission) => KubeObject | undefined,
  ): Admission<T> {
    let current = admission as unknown as Admission;
    for (const plugin of this.#plugins) {
      const object = ask(plugin, current);
      if (object !== undefined && object !== current.object) current = { ...current, object };
    }
    return current as unknown as Admission<T>;
  }
}
