import { TidemarkError } from '../base/errors.ts';
import type { BodyReader } from './body-reader.ts';
import { compileDecoder } from './compile-decoder.ts';
import type { Encoder } from './compile-encoder.ts';
import { compileEncoder } from './compile-encoder.ts';
import type { Decoded, Fields } from './schema.ts';

/** Encoder and decoder of one message at one version. */
export interface Codec<T> {
  encode: Encoder<T>;
  decode(reader: BodyReader): T;
}

/**
 * One API: its request and response and the versions spoken. `Req` and `Res` are the decoded bodies, with every
 * field present; what is encoded is `Draft<Req>` or `Draft<Res>`, in which any field may be left out.
 */
export interface Api<Req, Res> {
  readonly key: number;
  readonly name: string;
  /** Lowest version declared and served. */
  readonly minVersion: number;
  readonly maxVersion: number;
  /** Lowest version named in ApiVersions, where that is not minVersion. */
  readonly advertisedMinVersion?: number;
  /** First version with compact types, tagged fields and the flexible headers. */
  readonly flexibleFrom: number;
  /** Version of the response header at a version of the API: 1 when flexible, but for ApiVersions always 0. */
  responseHeaderVersion(version: number): 0 | 1;
  readonly requestFields: Fields;
  readonly responseFields: Fields;
  /** Compiled when first asked for. Throws UNSUPPORTED_VERSION outside minVersion..maxVersion. */
  requestCodec(version: number): Codec<Req>;
  responseCodec(version: number): Codec<Res>;
}

export interface ApiDeclaration<Q extends Fields, S extends Fields> {
  readonly key: number;
  readonly name: string;
  readonly versions: readonly [min: number, max: number];
  readonly advertisedMinVersion?: number;
  readonly flexibleFrom: number;
  /** For ApiVersions alone: a client that knows no version yet must be able to read the header (KIP-511). */
  readonly classicResponseHeader?: boolean;
  readonly request: Q;
  readonly response: S;
}

export function defineApi<Q extends Fields, S extends Fields>(
  declaration: ApiDeclaration<Q, S>,
): Api<Decoded<Q>, Decoded<S>> {
  const { key, name, flexibleFrom } = declaration;
  const [minVersion, maxVersion] = declaration.versions;
  const classic = declaration.classicResponseHeader ?? false;
  return {
    key,
    name,
    minVersion,
    maxVersion,
    ...(declaration.advertisedMinVersion === undefined
      ? {}
      : { advertisedMinVersion: declaration.advertisedMinVersion }),
    flexibleFrom,
    responseHeaderVersion: (version) => (version >= flexibleFrom && !classic ? 1 : 0),
    requestFields: declaration.request,
    responseFields: declaration.response,
    requestCodec: codecs<Decoded<Q>>(declaration, declaration.request, 'request'),
    responseCodec: codecs<Decoded<S>>(declaration, declaration.response, 'response'),
  };
}

function codecs<T>(
  declaration: ApiDeclaration<Fields, Fields>,
  fields: Fields,
  role: 'request' | 'response',
): (version: number) => Codec<T> {
  const [min, max] = declaration.versions;
  const compiled: (Codec<T> | undefined)[] = new Array(max + 1).fill(undefined);
  return (version) => {
    const known = compiled[version];
    if (known !== undefined) return known;
    const label = `${declaration.name} v${version} ${role}`;
    if (!Number.isInteger(version) || version < min || version > max) {
      throw new TidemarkError('UNSUPPORTED_VERSION', `${label}: versions ${min} to ${max} are spoken here`);
    }
    const message = { fields, version, flexible: version >= declaration.flexibleFrom };
    const codec: Codec<T> = {
      encode: compileEncoder<T>(message, label),
      decode: compileDecoder<T>(message),
    };
    compiled[version] = codec;
    return codec;
  };
}
