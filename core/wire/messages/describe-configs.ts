import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, arrayOf, bool, int8, int16, int32, string } from '../schema.ts';

/** Values of resourceType. */
export const TOPIC_RESOURCE = 2;
export const BROKER_RESOURCE = 4;

/**
 * DescribeConfigs (key 32), versions 1 to 4: the configuration of topics and brokers; a null list of keys asks for
 * all. Types and documentation of the configs come from 3.
 */
const request = {
  resources: array('0+', {
    resourceType: int8('0+'),
    resourceName: string('0+'),
    configurationKeys: arrayOf('string', '0+', { nullable: '0+' }),
  }),
  includeSynonyms: bool('1+'),
  includeDocumentation: bool('3+'),
};

const response = {
  throttleTimeMs: int32('0+'),
  results: array('0+', {
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    resourceType: int8('0+'),
    resourceName: string('0+'),
    configs: array('0+', {
      name: string('0+'),
      value: string('0+', { nullable: '0+' }),
      readOnly: bool('0+'),
      configSource: int8('1+', { default: -1, ignorable: true }),
      isSensitive: bool('0+'),
      synonyms: array(
        '1+',
        { name: string('1+'), value: string('1+', { nullable: '0+' }), source: int8('1+') },
        { ignorable: true },
      ),
      configType: int8('3+', { ignorable: true }),
      documentation: string('3+', { nullable: '0+', ignorable: true }),
    }),
  }),
};

export type DescribeConfigsRequest = Decoded<typeof request>;
export type DescribeConfigsResponse = Decoded<typeof response>;

export const describeConfigsApi = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 4],
  flexibleFrom: 4,
  request,
  response,
});
