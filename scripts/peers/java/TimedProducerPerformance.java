import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.tools.ProducerPerformance;

/**
 * The Java client as a driver of `npm run bench:peers`: one JSON argument in, one JSON line out (see ../driver-run.ts).
 *
 * Kafka's own ProducerPerformance, called again and again in one JVM: the first calls warm up, the last one is
 * measured, so that neither the JVM's start nor most of the compiling counts. The measured call includes what
 * ProducerPerformance does by itself: reading the payload file, connecting, closing. Records per second are its own
 * figure; CPU is the JVM's (all threads, compiler and collector among them) from before that call until after it.
 */
public final class TimedProducerPerformance {
    private static final Pattern TOTAL =
        Pattern.compile("^(\\d+) records sent, ([0-9.]+) records/sec .* 99\\.9th\\.$", Pattern.MULTILINE);
    private static final long FIRST_CALL_RECORDS = 20_000;
    /** A JVM compiles for longer than the others warm up: it gets this many times their time. */
    private static final int WARM_UP_FACTOR = 3;
    private static final int WARM_UP_CALLS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Call(long records, double seconds, double cpuSeconds) {
        double rate() {
            return records / seconds;
        }
    }

    public static void main(String[] args) throws Exception {
        JsonNode run = JSON.readTree(args[0]);
        Map<String, String> properties = properties(run);
        double warmupSeconds = WARM_UP_FACTOR * run.get("warmupMs").asLong() / 1000.0;
        long warmedUp = 0;
        double rate = 0;
        for (int index = 0; index < WARM_UP_CALLS; index++) {
            // The first call is short, since nothing is known of the rate; the others share the time.
            long records = index == 0 ? FIRST_CALL_RECORDS : (long) (rate * warmupSeconds / (WARM_UP_CALLS - 1));
            Call call = call(run, properties, Math.max(1, records));
            warmedUp += call.records();
            rate = call.rate();
        }
        Call measured = call(run, properties, (long) (rate * run.get("windowMs").asLong() / 1000.0));

        ObjectNode figures = JSON.createObjectNode();
        figures.put("version", AppInfoParser.getVersion());
        figures.put("acknowledged", warmedUp + measured.records());
        figures.put("records", measured.records());
        figures.put("seconds", measured.seconds());
        figures.put("cpuSeconds", measured.cpuSeconds());
        ObjectNode settings = figures.putObject("settings");
        properties.forEach((name, value) -> {
            if (!name.equals("bootstrap.servers")) settings.put(name, value);
        });
        System.out.println(JSON.writeValueAsString(figures));
    }

    private static Map<String, String> properties(JsonNode run) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("bootstrap.servers", run.get("bootstrapServers").asText());
        properties.put("acks", run.get("acks").asText());
        properties.put("enable.idempotence", run.get("isIdempotent").asText());
        properties.put("linger.ms", run.get("lingerMs").asText());
        properties.put("batch.size", run.get("batchSizeBytes").asText());
        properties.put("max.in.flight.requests.per.connection", run.get("maxInFlight").asText());
        properties.put("compression.type", run.get("compression").asText());
        return properties;
    }

    private static Call call(JsonNode run, Map<String, String> properties, long records) throws Exception {
        List<String> args = new ArrayList<>(List.of(
            "--topic", run.get("topic").asText(),
            "--num-records", Long.toString(records),
            "--throughput", "-1",
            "--payload-file", run.get("payloadFile").asText(),
            "--producer-props"));
        properties.forEach((name, value) -> args.add(name + "=" + value));
        PrintStream standardOutput = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        double cpuBefore = cpuSeconds();
        System.setOut(new PrintStream(printed));
        try {
            ProducerPerformance.main(args.toArray(String[]::new));
        } finally {
            System.setOut(standardOutput);
        }
        double cpuSeconds = cpuSeconds() - cpuBefore;
        Matcher total = TOTAL.matcher(printed.toString());
        if (!total.find()) throw new IllegalStateException("ProducerPerformance printed no total: " + printed);
        long sent = Long.parseLong(total.group(1));
        // It only prints a stack trace for a record that failed.
        if (sent != records) throw new IllegalStateException(sent + " of " + records + " records acknowledged");
        return new Call(sent, sent / Double.parseDouble(total.group(2)), cpuSeconds);
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }
}
