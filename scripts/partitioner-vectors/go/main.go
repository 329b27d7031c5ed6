// Reads keys from standard input, one per line in hex, and prints the partition that a Go client gives each.
// Arguments: the client (franz-go, sarama, kafka-go-hash, kafka-go-crc32) and the number of partitions.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"

	"github.com/IBM/sarama"
	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kgo"
)

const topic = "placed"

func placer(client string, partitions int) (func(key []byte) int, error) {
	all := make([]int, partitions)
	for partition := range all {
		all[partition] = partition
	}
	switch client {
	case "franz-go":
		// As its config.go has it for a client that is not told otherwise. Queues matter to records without a key alone.
		byKey := kgo.UniformBytesPartitioner(64<<10, true, true, nil).ForTopic(topic).(kgo.TopicBackupPartitioner)
		return func(key []byte) int { return byKey.PartitionByBackup(&kgo.Record{Key: key}, partitions, nil) }, nil
	case "sarama":
		byKey := sarama.NewConfig().Producer.Partitioner(topic)
		return func(key []byte) int {
			message := &sarama.ProducerMessage{Topic: topic, Key: sarama.ByteEncoder(key)}
			partition, problem := byKey.Partition(message, int32(partitions))
			if problem != nil {
				panic(problem)
			}
			return int(partition)
		}, nil
	case "kafka-go-hash":
		byKey := &kafka.Hash{}
		return func(key []byte) int { return byKey.Balance(kafka.Message{Key: key}, all...) }, nil
	case "kafka-go-crc32":
		byKey := &kafka.CRC32Balancer{}
		return func(key []byte) int { return byKey.Balance(kafka.Message{Key: key}, all...) }, nil
	}
	return nil, fmt.Errorf("no client %q", client)
}

func main() {
	partitions, problem := strconv.Atoi(os.Args[2])
	if problem != nil {
		panic(problem)
	}
	place, problem := placer(os.Args[1], partitions)
	if problem != nil {
		panic(problem)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for lines.Scan() {
		key, problem := hex.DecodeString(lines.Text())
		if problem != nil {
			panic(problem)
		}
		if key == nil {
			key = []byte{}
		}
		fmt.Fprintln(out, place(key))
	}
	if problem := lines.Err(); problem != nil {
		panic(problem)
	}
}
