// franz-go as a driver of `npm run bench:peers`: one JSON argument in, one JSON line out (see ../driver-run.ts).
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Sends between two looks at the clock.
const burstRecords = 1000

// As its own bench example has it: never the limit, MaxBufferedBytes is.
const maxBufferedRecords = 1_000_000
const maxBufferedBytes = 64 << 20

type run struct {
	BootstrapServers string `json:"bootstrapServers"`
	Topic            string `json:"topic"`
	PayloadFile      string `json:"payloadFile"`
	WarmupMs         int64  `json:"warmupMs"`
	WindowMs         int64  `json:"windowMs"`
	Acks             string `json:"acks"`
	IsIdempotent     bool   `json:"isIdempotent"`
	LingerMs         int64  `json:"lingerMs"`
	BatchSizeBytes   int32  `json:"batchSizeBytes"`
	MaxInFlight      int    `json:"maxInFlight"`
	Compression      string `json:"compression"`
}

type figures struct {
	Version      string            `json:"version"`
	Acknowledged int64             `json:"acknowledged"`
	Records      int64             `json:"records"`
	Seconds      float64           `json:"seconds"`
	CPUSeconds   float64           `json:"cpuSeconds"`
	Settings     map[string]string `json:"settings"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "franz-go: %v\n", err)
		os.Exit(1)
	}
}

func readPayloads(path string) [][]byte {
	text, err := os.ReadFile(path)
	check(err)
	var payloads [][]byte
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		payloads = append(payloads, []byte(line))
	}
	return payloads
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/twmb/franz-go" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}

func options(r run) ([]kgo.Opt, map[string]string) {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	opts := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(r.BootstrapServers, ",")...),
		kgo.DefaultProduceTopic(r.Topic),
		kgo.ProducerLinger(time.Duration(r.LingerMs) * time.Millisecond),
		kgo.ProducerBatchMaxBytes(r.BatchSizeBytes),
		kgo.ProducerBatchCompression(codecs[r.Compression]),
		kgo.MaxBufferedRecords(maxBufferedRecords),
		kgo.MaxBufferedBytes(maxBufferedBytes),
	}
	if r.Acks == "1" {
		opts = append(opts, kgo.RequiredAcks(kgo.LeaderAck()))
	}
	// With idempotence franz-go chooses by itself, and refuses to be told.
	inFlight := "its own choice"
	if !r.IsIdempotent {
		opts = append(opts, kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(r.MaxInFlight))
		inFlight = fmt.Sprint(r.MaxInFlight)
	}
	settings := map[string]string{
		"ProducerLinger":                      fmt.Sprintf("%d ms", r.LingerMs),
		"ProducerBatchMaxBytes":               fmt.Sprint(r.BatchSizeBytes),
		"ProducerBatchCompression":            r.Compression,
		"MaxProduceRequestsInflightPerBroker": inFlight,
		"MaxBufferedRecords":                  fmt.Sprint(maxBufferedRecords),
		"MaxBufferedBytes":                    fmt.Sprint(maxBufferedBytes),
		"RequiredAcks":                        r.Acks,
		"idempotent":                          fmt.Sprint(r.IsIdempotent),
	}
	return opts, settings
}

type driver struct {
	client       *kgo.Client
	payloads     [][]byte
	next         int
	acknowledged atomic.Int64
	pool         sync.Pool
}

// Sends as fast as the client takes it, then waits until all of it is acknowledged.
func (d *driver) load(duration time.Duration) {
	ctx := context.Background()
	settled := func(record *kgo.Record, err error) {
		check(err)
		d.acknowledged.Add(1)
		*record = kgo.Record{}
		d.pool.Put(record)
	}
	for end := time.Now().Add(duration); time.Now().Before(end); {
		for range burstRecords {
			record := d.pool.Get().(*kgo.Record)
			record.Value = d.payloads[d.next]
			if d.next++; d.next == len(d.payloads) {
				d.next = 0
			}
			d.client.Produce(ctx, record, settled)
		}
	}
	check(d.client.Flush(ctx))
}

func main() {
	if len(os.Args) != 2 {
		check(fmt.Errorf("one JSON argument is needed"))
	}
	var r run
	check(json.Unmarshal([]byte(os.Args[1]), &r))
	opts, settings := options(r)
	client, err := kgo.NewClient(opts...)
	check(err)
	d := &driver{client: client, payloads: readPayloads(r.PayloadFile)}
	d.pool.New = func() any { return new(kgo.Record) }
	d.load(time.Duration(r.WarmupMs) * time.Millisecond)
	before, cpuBefore, started := d.acknowledged.Load(), cpuSeconds(), time.Now()
	d.load(time.Duration(r.WindowMs) * time.Millisecond)
	seconds, cpu := time.Since(started).Seconds(), cpuSeconds()-cpuBefore
	client.Close()
	line, err := json.Marshal(figures{
		Version: version(), Acknowledged: d.acknowledged.Load(), Records: d.acknowledged.Load() - before,
		Seconds: seconds, CPUSeconds: cpu, Settings: settings,
	})
	check(err)
	fmt.Println(string(line))
}
