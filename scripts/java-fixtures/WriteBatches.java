import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the batches that standard input holds with Kafka's own producer, to each of its topics with the topic's
 * producer properties. Each becomes exactly one batch, since the producer lingers until it is flushed.
 * Argument: bootstrap servers.
 */
public class WriteBatches {
    public static void main(String[] arguments) throws Exception {
        JsonNode input = new ObjectMapper().readTree(System.in);
        for (JsonNode topic : input.get("topics")) {
            Properties properties = new Properties();
            topic.get("properties").fields().forEachRemaining(
                property -> properties.put(property.getKey(), property.getValue().asText()));
            properties.put("bootstrap.servers", arguments[0]);
            properties.put("linger.ms", "60000");
            properties.put("batch.size", "1000000");
            try (KafkaProducer<byte[], byte[]> producer =
                     new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (JsonNode batch : input.get("batches")) {
                    for (JsonNode record : batch) {
                        producer.send(recordOf(topic.get("topic").asText(), record), (metadata, problem) -> {
                            if (problem != null) {
                                problem.printStackTrace();
                                System.exit(1);
                            }
                        });
                    }
                    producer.flush();
                }
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> recordOf(String topic, JsonNode record) {
        RecordHeaders headers = new RecordHeaders();
        for (JsonNode header : record.get("headers")) {
            headers.add(header.get("key").asText(), bytesOf(header.get("value")));
        }
        return new ProducerRecord<>(topic, 0, record.get("timestampMs").asLong(),
            bytesOf(record.get("key")), bytesOf(record.get("value")), headers);
    }

    private static byte[] bytesOf(JsonNode base64) {
        return base64.isNull() ? null : Base64.getDecoder().decode(base64.asText());
    }
}
