import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * Reads keys from standard input, one per line in hex, and prints the partition that the producer gives each.
 * Argument: the number of partitions.
 */
public class PlaceKeys {
    public static void main(String[] arguments) throws Exception {
        int partitions = Integer.parseInt(arguments[0]);
        StringBuilder placed = new StringBuilder();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            byte[] key = HexFormat.of().parseHex(line);
            placed.append(BuiltInPartitioner.partitionForKey(key, partitions)).append('\n');
        }
        System.out.print(placed);
    }
}
