/** The behaviours of one cluster, which may change while it runs: rows are laid over what holds otherwise, the later ones on top. */
import type {
  DomainBehaviour,
  DomainPlace,
  IssuerBehaviour,
  IssuerPlace,
} from '../certificates/certificate-behaviour.ts';
import type {
  Behaviours,
  ContainerBehaviour,
  ContainerPlace,
  ImageBehaviour,
  MetricQuestion,
  NodeBehaviour,
  VolumeBehaviour,
  VolumePlace,
  WebhookBehaviour,
} from './behaviour.ts';

/** What is otherwise than before; `undefined` leaves it as it was, and fields that are not given as well. */
export interface BehaviourRow {
  container?(place: ContainerPlace): ContainerBehaviour | undefined;
  image?(image: string): ImageBehaviour | undefined;
  node?(name: string): NodeBehaviour | undefined;
  metric?(question: MetricQuestion): number | undefined;
  volume?(place: VolumePlace): VolumeBehaviour | undefined;
  webhook?(name: string): WebhookBehaviour | undefined;
  issuer?(place: IssuerPlace): IssuerBehaviour | undefined;
  domain?(place: DomainPlace): DomainBehaviour | undefined;
  metricsError?(): string | undefined;
}

export class BehaviourTable implements Behaviours {
  readonly #base: Behaviours;
  #rows: readonly BehaviourRow[] = [];

  constructor(base: Behaviours) {
    this.#base = base;
  }

  /** Lays a row on top. @returns takes it off again */
  add(row: BehaviourRow): () => void {
    this.#rows = [...this.#rows, row];
    return () => {
      this.#rows = this.#rows.filter((one) => one !== row);
    };
  }

  container(place: ContainerPlace): ContainerBehaviour {
    return this.#over(this.#base.container(place), (row) => row.container?.(place));
  }

  image(image: string): ImageBehaviour {
    return this.#over(this.#base.image(image), (row) => row.image?.(image));
  }

  node(name: string): NodeBehaviour {
    return this.#over(this.#base.node?.(name) ?? {}, (row) => row.node?.(name));
  }

  volume(place: VolumePlace): VolumeBehaviour {
    return this.#over(this.#base.volume?.(place) ?? {}, (row) => row.volume?.(place));
  }

  webhook(name: string): WebhookBehaviour {
    return this.#over(this.#base.webhook?.(name) ?? {}, (row) => row.webhook?.(name));
  }

  issuer(place: IssuerPlace): IssuerBehaviour {
    return this.#over(this.#base.issuer?.(place) ?? {}, (row) => row.issuer?.(place));
  }

  domain(place: DomainPlace): DomainBehaviour {
    return this.#over(this.#base.domain?.(place) ?? {}, (row) => row.domain?.(place));
  }

  metricsError(): string | undefined {
    const row = this.#rows.findLast((one) => one.metricsError?.() !== undefined);
    return row === undefined ? this.#base.metricsError?.() : row.metricsError?.();
  }

  /** Absent while nobody measures, since autoscalers are then told that the API is not there. */
  get metric(): ((question: MetricQuestion) => number | undefined) | undefined {
    const base = this.#base.metric?.bind(this.#base);
    const rows = this.#rows.filter(({ metric }) => metric !== undefined);
    if (base === undefined && rows.length === 0) return undefined;
    return (question) => {
      const row = rows.findLast((one) => one.metric?.(question) !== undefined);
      return row === undefined ? base?.(question) : row.metric?.(question);
    };
  }

  #over<T extends object>(base: T, ask: (row: BehaviourRow) => T | undefined): T {
    return this.#rows.length === 0 ? base : Object.assign({}, base, ...this.#rows.map(ask));
  }
}
