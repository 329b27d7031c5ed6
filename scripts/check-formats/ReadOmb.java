import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads result files as OpenMessaging Benchmark's tools do: Jackson as it comes, which refuses a field that is not known
 * and a number of the wrong kind, then what its CSV and its charts take out of them. Prints a line per file. Arguments:
 * the files.
 */
public class ReadOmb {
    /** The public fields of its TestResult, by name and type. */
    public static class Result {
        public String workload;
        public String driver;
        public long messageSize;
        public int topics;
        public int partitions;
        public int producersPerTopic;
        public int consumersPerTopic;
        public List<Double> publishRate = new ArrayList<>();
        public List<Double> publishErrorRate = new ArrayList<>();
        public List<Double> consumeRate = new ArrayList<>();
        public List<Long> backlog = new ArrayList<>();
        public List<Double> publishLatencyAvg = new ArrayList<>();
        public List<Double> publishLatency50pct = new ArrayList<>();
        public List<Double> publishLatency75pct = new ArrayList<>();
        public List<Double> publishLatency95pct = new ArrayList<>();
        public List<Double> publishLatency99pct = new ArrayList<>();
        public List<Double> publishLatency999pct = new ArrayList<>();
        public List<Double> publishLatency9999pct = new ArrayList<>();
        public List<Double> publishLatencyMax = new ArrayList<>();
        public double aggregatedPublishLatencyAvg;
        public double aggregatedPublishLatency50pct;
        public double aggregatedPublishLatency75pct;
        public double aggregatedPublishLatency95pct;
        public double aggregatedPublishLatency99pct;
        public double aggregatedPublishLatency999pct;
        public double aggregatedPublishLatency9999pct;
        public double aggregatedPublishLatencyMax;
        public Map<Double, Double> aggregatedPublishLatencyQuantiles = new TreeMap<>();
        public List<Double> publishDelayLatencyAvg = new ArrayList<>();
        public List<Long> publishDelayLatency50pct = new ArrayList<>();
        public List<Long> publishDelayLatency75pct = new ArrayList<>();
        public List<Long> publishDelayLatency95pct = new ArrayList<>();
        public List<Long> publishDelayLatency99pct = new ArrayList<>();
        public List<Long> publishDelayLatency999pct = new ArrayList<>();
        public List<Long> publishDelayLatency9999pct = new ArrayList<>();
        public List<Long> publishDelayLatencyMax = new ArrayList<>();
        public double aggregatedPublishDelayLatencyAvg;
        public long aggregatedPublishDelayLatency50pct;
        public long aggregatedPublishDelayLatency75pct;
        public long aggregatedPublishDelayLatency95pct;
        public long aggregatedPublishDelayLatency99pct;
        public long aggregatedPublishDelayLatency999pct;
        public long aggregatedPublishDelayLatency9999pct;
        public long aggregatedPublishDelayLatencyMax;
        public Map<Double, Long> aggregatedPublishDelayLatencyQuantiles = new TreeMap<>();
        public List<Double> endToEndLatencyAvg = new ArrayList<>();
        public List<Double> endToEndLatency50pct = new ArrayList<>();
        public List<Double> endToEndLatency75pct = new ArrayList<>();
        public List<Double> endToEndLatency95pct = new ArrayList<>();
        public List<Double> endToEndLatency99pct = new ArrayList<>();
        public List<Double> endToEndLatency999pct = new ArrayList<>();
        public List<Double> endToEndLatency9999pct = new ArrayList<>();
        public List<Double> endToEndLatencyMax = new ArrayList<>();
        public double aggregatedEndToEndLatencyAvg;
        public double aggregatedEndToEndLatency50pct;
        public double aggregatedEndToEndLatency75pct;
        public double aggregatedEndToEndLatency95pct;
        public double aggregatedEndToEndLatency99pct;
        public double aggregatedEndToEndLatency999pct;
        public double aggregatedEndToEndLatency9999pct;
        public double aggregatedEndToEndLatencyMax;
        public Map<Double, Double> aggregatedEndToEndLatencyQuantiles = new TreeMap<>();
    }

    public static void main(String[] files) throws Exception {
        for (String file : files) {
            Result result = new ObjectMapper().readValue(new File(file), Result.class);
            long rates = 0;
            for (Double rate : result.publishRate) rates += rate.longValue();
            // The charts take the greatest of each, which an empty list and a null have not.
            Collections.max(result.publishLatency99pct);
            Collections.max(result.publishDelayLatency99pct);
            Collections.max(result.endToEndLatency95pct);
            Collections.max(result.consumeRate);
            Collections.max(result.endToEndLatencyAvg);
            int quantiles = result.aggregatedPublishLatencyQuantiles.size();
            System.out.println(result.driver + ": " + rates / result.publishRate.size() + "/s, " + quantiles + " quantiles");
        }
    }
}
