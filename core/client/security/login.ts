import type { TidemarkError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { saslAuthenticateApi } from '../../wire/messages/sasl-authenticate.ts';
import { saslHandshakeApi } from '../../wire/messages/sasl-handshake.ts';
import { authenticate, type LoginChannel, type LoginOptions } from './authenticate.ts';

/** A login is renewed after this share of its lifetime, and up to so much more (Kafka's SaslClientAuthenticator). */
const RENEWAL_SHARE = 0.85;
const RENEWAL_SPREAD = 0.1;

/** Those requests that a login consists of. */
const LOGIN_KEYS = [saslHandshakeApi.key, saslAuthenticateApi.key];

interface HeldRequest {
  readonly send: () => void;
  readonly fail: (error: TidemarkError) => void;
}

/**
 * The login of one connection, and its renewals on the same connection (KIP-368). A renewal begins with the first
 * request that comes when it is due. What is in flight then is answered before it, and what comes during it waits: a
 * broker takes nothing but the login's own requests meanwhile. So no request fails for it.
 */
export class Login {
  readonly #channel: LoginChannel;
  readonly #options: LoginOptions & { readonly random: Random; readonly onFailure: (error: unknown) => void };
  #dueNs = Number.POSITIVE_INFINITY;
  #isUnderWay = false;
  #held: HeldRequest[] = [];

  constructor(
    channel: LoginChannel,
    options: LoginOptions & { readonly random: Random; readonly onFailure: (error: unknown) => void },
  ) {
    this.#channel = channel;
    this.#options = options;
  }

  /** Requests that wait for a renewal. */
  get waiting(): number {
    return this.#held.length;
  }

  /** Logs in. Rejects as authenticate() does. */
  async run(timeoutMs: number): Promise<void> {
    const { clock, random } = this.#options;
    const lifetimeMs = await authenticate(this.#channel, { ...this.#options, timeoutMs });
    const share = RENEWAL_SHARE + RENEWAL_SPREAD * random.nextDouble();
    this.#dueNs = lifetimeMs > 0 ? clock.nowNs() + lifetimeMs * share * 1e6 : Number.POSITIVE_INFINITY;
  }

  /** Whether a request must wait, which hold() then takes. Begins a renewal that is due. */
  mustWait(api: { readonly key: number }, nowNs: number): boolean {
    if (LOGIN_KEYS.includes(api.key)) return false;
    if (!this.#isUnderWay && nowNs >= this.#dueNs) void this.#renew();
    return this.#isUnderWay;
  }

  hold(request: HeldRequest): void {
    this.#held.push(request);
  }

  /** Ends what waits: the connection is closed. */
  fail(error: TidemarkError): void {
    for (const { fail } of this.#held.splice(0)) fail(error);
  }

  async #renew(): Promise<void> {
    this.#isUnderWay = true;
    try {
      await this.run(this.#options.timeoutMs);
    } catch (error) {
      this.#options.onFailure(error);
      return;
    }
    this.#isUnderWay = false;
    for (const { send } of this.#held.splice(0)) send();
  }
}
