import type { Connection, Endpoint, Listener, Network } from '../../../core/base/network.ts';
import { advertisedVersions } from '../../../core/wire/advertised-versions.ts';
import type { Api } from '../../../core/wire/api.ts';
import { FrameReader } from '../../../core/wire/frame-reader.ts';
import { decodeRequest, encodeResponse } from '../../../core/wire/framing.ts';
import { apiVersionsApi } from '../../../core/wire/messages/api-versions.ts';
import { APIS, apiByKey } from '../../../core/wire/registry.ts';
import { decodeRequestHeader, type RequestHeader } from '../../../core/wire/request-header.ts';
import type { Draft } from '../../../core/wire/schema.ts';

/** One request as the broker got it, with the ways to answer. */
export interface Exchange {
  readonly header: RequestHeader;
  readonly connection: Connection;
  readonly frame: Buffer;
  body<Req, Res>(api: Api<Req, Res>): Req;
  respond<Req, Res>(api: Api<Req, Res>, body: Draft<Res>, version?: number): void;
  /** Writes bytes as they are. */
  respondRaw(...chunks: Uint8Array[]): void;
}

/** Handles one request; without a handler of its own ApiVersions is answered with all we declare. */
export type FakeHandler = (exchange: Exchange) => void;

/** A broker of a few lines that answers, or misbehaves, exactly as a test says. */
export class FakeBroker {
  readonly handlers = new Map<number, FakeHandler>();
  /** Every request seen, in order. */
  readonly requests: RequestHeader[] = [];
  readonly connections = new Set<Connection>();
  listener!: Listener;

  static async listen(
    network: Network,
    endpoint: Endpoint = { host: '127.0.0.1', port: 0 },
  ): Promise<FakeBroker> {
    const broker = new FakeBroker();
    broker.handlers.set(apiVersionsApi.key, (exchange) =>
      exchange.respond(apiVersionsApi, { apiKeys: advertisedVersions(APIS) }),
    );
    broker.listener = await network.listen(endpoint, (connection) => broker.#accept(connection));
    return broker;
  }

  get endpoint(): Endpoint {
    return this.listener.endpoint;
  }

  on<Req, Res>(api: Api<Req, Res>, answer: (request: Req, exchange: Exchange) => Draft<Res> | null): this {
    this.handlers.set(api.key, (exchange) => {
      const response = answer(exchange.body(api), exchange);
      if (response !== null) exchange.respond(api, response);
    });
    return this;
  }

  /** How many requests of an API came. */
  count(api: { readonly key: number }): number {
    return this.requests.filter((header) => header.apiKey === api.key).length;
  }

  dropConnections(): void {
    for (const connection of this.connections) connection.close();
  }

  async close(): Promise<void> {
    await this.listener.close();
    this.dropConnections();
  }

  #accept(connection: Connection) {
    this.connections.add(connection);
    const frames = new FrameReader(64 * 1024 * 1024);
    return {
      onData: (chunk: Buffer) => frames.push(chunk, (frame) => this.#handle(connection, Buffer.from(frame))),
      onClose: () => {
        this.connections.delete(connection);
      },
    };
  }

  #handle(connection: Connection, frame: Buffer): void {
    const header = decodeRequestHeader(frame);
    this.requests.push(header);
    const handler = this.handlers.get(header.apiKey);
    if (handler === undefined) throw new Error(`no handler for ${apiByKey(header.apiKey)?.name}`);
    handler({
      header,
      connection,
      frame,
      body: (api) => decodeRequest(api, header.apiVersion, frame, header.bodyOffset),
      respond: (api, body, version = header.apiVersion) =>
        connection.write(encodeResponse(api, version, header.correlationId, body as never)),
      respondRaw: (...chunks) => connection.write(chunks),
    });
  }
}
