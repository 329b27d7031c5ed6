/**
 * DescribeConfigs, key 32, v1-4, of topics (type 2) and brokers (type 4): every config, or those asked for, with its
 * source; documentation from v3 when asked for; synonyms are always empty. A broker is named by its id and describes
 * any broker of the cluster, since all are alike. Other resource types: INVALID_REQUEST. A resource asked for twice
 * is answered once: named a million times, it would make an answer of gigabytes.
 */
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigsApi,
} from '../../wire/messages/describe-configs.ts';
import type { Draft } from '../../wire/schema.ts';
import type { ApiHandler } from '../api-handler.ts';
import type { Broker } from '../broker.ts';
import { describeBrokerConfigs } from '../broker-configs.ts';
import type { ConfigEntry } from '../config-entry.ts';
import { errorCode } from '../error-code.ts';
import { describeTopicConfigs } from '../topic-settings.ts';

const TOPIC = 2;
const BROKER = 4;
const INVALID_REQUEST = errorCode('INVALID_REQUEST');
const UNKNOWN_TOPIC_OR_PARTITION = errorCode('UNKNOWN_TOPIC_OR_PARTITION');

type Resource = DescribeConfigsRequest['resources'][number];
type Result = Draft<DescribeConfigsResponse['results'][number]>;
type Found =
  | { readonly entries: readonly ConfigEntry[] }
  | { readonly code: number; readonly message: string };

export const describeConfigsHandler: ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse> = {
  api: describeConfigsApi,
  handle(request, exchange) {
    const results = distinct(request.resources).map((resource): Result => {
      const { resourceType, resourceName, configurationKeys } = resource;
      const found = find(exchange.broker, resource);
      if ('code' in found) {
        return {
          errorCode: found.code,
          errorMessage: found.message,
          resourceType,
          resourceName,
          configs: [],
        };
      }
      const configs = found.entries
        .filter(({ name }) => configurationKeys === null || configurationKeys.includes(name))
        .map((entry) => ({
          name: entry.name,
          value: entry.value,
          readOnly: resourceType === BROKER,
          configSource: entry.source,
          isSensitive: false,
          synonyms: [],
          configType: entry.type,
          documentation: request.includeDocumentation ? entry.text : null,
        }));
      return { errorCode: 0, errorMessage: null, resourceType, resourceName, configs };
    });
    exchange.respond({ throttleTimeMs: 0, results });
  },
};

function distinct(resources: readonly Resource[]): Resource[] {
  return [...new Map(resources.map((each) => [JSON.stringify(each), each])).values()];
}

function find({ cluster }: Broker, { resourceType, resourceName }: Resource): Found {
  if (resourceType === TOPIC) {
    const topic = cluster.topic(resourceName);
    if (topic === undefined) {
      return { code: UNKNOWN_TOPIC_OR_PARTITION, message: `there is no topic "${resourceName}"` };
    }
    return { entries: describeTopicConfigs(topic.configs, cluster.topicDefaults) };
  }
  if (resourceType !== BROKER) {
    return { code: INVALID_REQUEST, message: `configs of resource type ${resourceType} are not known here` };
  }
  const broker = cluster.brokers.find(({ nodeId }) => String(nodeId) === resourceName);
  if (broker === undefined) return { code: INVALID_REQUEST, message: `there is no broker "${resourceName}"` };
  return { entries: describeBrokerConfigs(broker) };
}
