import { kafkaError, TidemarkError } from '../base/errors.ts';
import type { Api } from '../wire/api.ts';
import { type ApiVersionsResponse, apiVersionsApi } from '../wire/messages/api-versions.ts';
import type { BrokerConnection } from './broker-connection.ts';

const UNSUPPORTED_VERSION = 35;
const SOFTWARE = { clientSoftwareName: 'tidemark', clientSoftwareVersion: '0.1.0' };

type SpokenVersions = Pick<Api<unknown, unknown>, 'key' | 'name' | 'minVersion' | 'maxVersion'>;

/** What a broker speaks of each API, as its ApiVersions response said. */
export class BrokerVersions {
  readonly #ranges = new Map<number, { min: number; max: number }>();

  constructor(ranges: ApiVersionsResponse['apiKeys']) {
    for (const range of ranges) {
      this.#ranges.set(range.apiKey, { min: range.minVersion, max: range.maxVersion });
    }
  }

  /** The highest version that both sides speak. Throws UNSUPPORTED_VERSION when there is none. */
  highestCommon(api: SpokenVersions, broker: string): number {
    const range = this.#ranges.get(api.key);
    if (range === undefined) {
      throw new TidemarkError('UNSUPPORTED_VERSION', `${broker} does not serve ${api.name} (key ${api.key})`);
    }
    const version = Math.min(api.maxVersion, range.max);
    if (version < api.minVersion || version < range.min) {
      throw new TidemarkError(
        'UNSUPPORTED_VERSION',
        `${broker} speaks ${api.name} in versions ${range.min} to ${range.max}, ` +
          `this client in ${api.minVersion} to ${api.maxVersion}`,
      );
    }
    return version;
  }
}

/**
 * Asks with our highest version. A broker that does not know it answers in version 0 with error 35 and the
 * range it knows (KIP-511), or, before Kafka 2.4, with an empty list: then version 0 is asked.
 */
export async function negotiateVersions(
  connection: BrokerConnection,
  timeoutMs: number,
): Promise<BrokerVersions> {
  const ask = (version: number) =>
    connection.request(apiVersionsApi, version >= 3 ? SOFTWARE : {}, { version, timeoutMs });
  let answer = await ask(apiVersionsApi.maxVersion);
  if (answer.errorCode === UNSUPPORTED_VERSION) {
    const known = answer.apiKeys.find((range) => range.apiKey === apiVersionsApi.key);
    const highest = Math.min(known?.maxVersion ?? 0, apiVersionsApi.maxVersion - 1);
    answer = await ask(Math.max(highest, 0));
  }
  if (answer.errorCode !== 0) throw kafkaError(answer.errorCode, `ApiVersions of ${connection.name}`);
  return new BrokerVersions(answer.apiKeys);
}

/** The version a response is written in, which for a refused ApiVersions is 0 whatever was asked. */
export function responseVersion(api: Api<unknown, unknown>, askedVersion: number, frame: Buffer): number {
  const isRefusal =
    api.key === apiVersionsApi.key && frame.length >= 6 && frame.readInt16BE(4) === UNSUPPORTED_VERSION;
  return isRefusal ? 0 : askedVersion;
}
