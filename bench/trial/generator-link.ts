import type { MessagePort } from 'node:worker_threads';
import type { GeneratorCommand, GeneratorEvent, GeneratorReport } from '../../workers/generator-protocol.ts';

type EventOf<T extends GeneratorEvent['type']> = Extract<GeneratorEvent, { type: T }>;

/** The trial's end of one load generator: commands out, events in, and its crash as a rejection of whatever is awaited. */
export class GeneratorLink {
  /** Latest progress, for whoever shows it. */
  progress: EventOf<'progress'> | null = null;
  readonly done: Promise<GeneratorReport>;
  readonly #port: MessagePort;
  readonly #events: GeneratorEvent[] = [];
  #wanted: ((event: GeneratorEvent) => void) | null = null;

  constructor(port: MessagePort, done: Promise<GeneratorReport>) {
    this.#port = port;
    this.done = done;
    done.catch(() => {}); // told through next(); a rejection that nobody awaits yet must not end the process
    port.on('message', (event: GeneratorEvent) => this.#take(event));
  }

  send(command: GeneratorCommand): void {
    this.#port.postMessage(command);
  }

  /** The next event of the protocol, which must be of this type. Rejects when the generator fails first. */
  async next<T extends GeneratorEvent['type']>(type: T): Promise<EventOf<T>> {
    const event = await Promise.race([this.#nextEvent(), this.#failure()]);
    if (event.type !== type) throw new Error(`a load generator answered ${event.type}, expected ${type}`);
    return event as EventOf<T>;
  }

  close(): void {
    this.#port.close();
  }

  #take(event: GeneratorEvent): void {
    if (event.type === 'progress') {
      this.progress = event;
      return;
    }
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted === null) this.#events.push(event);
    else wanted(event);
  }

  #nextEvent(): Promise<GeneratorEvent> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }

  async #failure(): Promise<never> {
    await this.done;
    throw new Error('a load generator ended before its trial was over');
  }
}
