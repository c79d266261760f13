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

/**
 * What is otherwise than before; `undefined` leaves it as it was, and fields that are not given as well. `below` is what held without the row:
 * by what everything begins with, and the rows under it.
 */
export interface BehaviourRow {
  container?(place: ContainerPlace, below: ContainerBehaviour): ContainerBehaviour | undefined;
  image?(image: string, below: ImageBehaviour): ImageBehaviour | undefined;
  node?(name: string, below: NodeBehaviour): NodeBehaviour | undefined;
  metric?(question: MetricQuestion): number | undefined;
  volume?(place: VolumePlace, below: VolumeBehaviour): VolumeBehaviour | undefined;
  webhook?(name: string, below: WebhookBehaviour): WebhookBehaviour | undefined;
  issuer?(place: IssuerPlace, below: IssuerBehaviour): IssuerBehaviour | undefined;
  domain?(place: DomainPlace, below: DomainBehaviour): DomainBehaviour | undefined;
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
    return this.#over(this.#base.container(place), (row, below) => row.container?.(place, below));
  }

  image(image: string): ImageBehaviour {
    return this.#over(this.#base.image(image), (row, below) => row.image?.(image, below));
  }

  node(name: string): NodeBehaviour {
    return this.#over(this.#base.node?.(name) ?? {}, (row, below) => row.node?.(name, below));
  }

  volume(place: VolumePlace): VolumeBehaviour {
    return this.#over(this.#base.volume?.(place) ?? {}, (row, below) => row.volume?.(place, below));
  }

  webhook(name: string): WebhookBehaviour {
    return this.#over(this.#base.webhook?.(name) ?? {}, (row, below) => row.webhook?.(name, below));
  }

  issuer(place: IssuerPlace): IssuerBehaviour {
    return this.#over(this.#base.issuer?.(place) ?? {}, (row, below) => row.issuer?.(place, below));
  }

  domain(place: DomainPlace): DomainBehaviour {
    return this.#over(this.#base.domain?.(place) ?? {}, (row, below) => row.domain?.(place, below));
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

  #over<T extends object>(base: T, ask: (row: BehaviourRow, below: T) => T | undefined): T {
    let all = base;
    for (const row of this.#rows) {
      const changes = ask(row, all);
      if (changes !== undefined) all = { ...all, ...changes };
    }
    return all;
  }
}
