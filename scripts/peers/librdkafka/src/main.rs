//! librdkafka as a driver of `npm run bench:peers`: one JSON argument in, one JSON line out (see ../driver-run.ts).
//!
//! The C API directly, in the form found to cost it least: rd_kafka_produce_batch (15 % below rd_kafka_produce),
//! records not copied on their way in (msgflags 0), no opaque and no future per record, acknowledgements as one
//! event per batch, and its default bound of records in the queue (ten times as many cost 10 % more).

use rdkafka::bindings::*;
use serde_json::{json, Value};
use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};
use std::ptr::null_mut;
use std::time::{Duration, Instant};

/// Sends between two looks at the clock and at the acknowledgements.
const BURST_RECORDS: usize = 1000;
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

struct Payloads {
    bytes: Vec<u8>,
    starts: Vec<(usize, usize)>,
    next: usize,
}

impl Payloads {
    fn read(path: &str) -> Payloads {
        let bytes = std::fs::read(path).unwrap_or_else(|error| fail(&format!("{path}: {error}")));
        let mut starts = Vec::new();
        let mut start = 0;
        for (index, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' {
                starts.push((start, index - start));
                start = index + 1;
            }
        }
        Payloads {
            bytes,
            starts,
            next: 0,
        }
    }

    fn next(&mut self) -> (*mut c_void, usize) {
        let (start, length) = self.starts[self.next];
        self.next += 1;
        if self.next == self.starts.len() {
            self.next = 0;
        }
        (self.bytes[start..].as_ptr() as *mut c_void, length)
    }
}

struct Driver {
    client: *mut rd_kafka_t,
    topic: *mut rd_kafka_topic_t,
    events: *mut rd_kafka_queue_t,
    payloads: Payloads,
    sent: u64,
    acknowledged: u64,
}

impl Driver {
    /// Takes what acknowledgements there are, waiting for the first at most `timeout_ms`.
    unsafe fn take_acknowledgements(&mut self, timeout_ms: i32) {
        let mut wait_ms = timeout_ms;
        loop {
            let event = rd_kafka_queue_poll(self.events, wait_ms);
            if event.is_null() {
                return;
            }
            wait_ms = 0;
            match rd_kafka_event_type(event) {
                RD_KAFKA_EVENT_DR => loop {
                    let message = rd_kafka_event_message_next(event);
                    if message.is_null() {
                        break;
                    }
                    if (*message).err as i32 != 0 {
                        fail(&format!(
                            "a record failed: {}",
                            text(rd_kafka_err2str((*message).err))
                        ));
                    }
                    self.acknowledged += 1;
                },
                RD_KAFKA_EVENT_ERROR => eprintln!("{}", text(rd_kafka_event_error_string(event))),
                _ => {}
            }
            rd_kafka_event_destroy(event);
        }
    }

    /// Hands over a burst; what a full queue refuses is offered again once there is room.
    unsafe fn send_burst(&mut self, burst: &mut [rd_kafka_message_t]) {
        for message in burst.iter_mut() {
            (message.payload, message.len) = self.payloads.next();
        }
        let mut left = burst;
        loop {
            let taken = rd_kafka_produce_batch(
                self.topic,
                PARTITION_UNASSIGNED,
                0,
                left.as_mut_ptr(),
                left.len() as i32,
            );
            self.sent += taken as u64;
            if taken as usize == left.len() {
                return;
            }
            // Once the queue is full, everything behind is refused, so that those refused are the last ones.
            left = &mut left[taken as usize..];
            for message in left.iter() {
                if message.err as i32 != RESP_QUEUE_FULL {
                    fail(&format!(
                        "rd_kafka_produce_batch: {}",
                        text(rd_kafka_err2str(message.err))
                    ));
                }
            }
            self.take_acknowledgements(100);
        }
    }

    /// Sends as fast as the client takes it for `duration`, then waits until all of it is acknowledged.
    unsafe fn load(&mut self, duration: Duration) {
        let mut burst: Vec<rd_kafka_message_t> =
            (0..BURST_RECORDS).map(|_| std::mem::zeroed()).collect();
        let end = Instant::now() + duration;
        while Instant::now() < end {
            self.send_burst(&mut burst);
            self.take_acknowledgements(0);
        }
        let late = Instant::now() + DRAIN_TIMEOUT;
        // The flush only ends the lingering: with events on, it does not serve them.
        rd_kafka_flush(self.client, 0);
        while self.acknowledged < self.sent {
            self.take_acknowledgements(10);
            rd_kafka_flush(self.client, 0);
            if Instant::now() > late {
                fail(&format!(
                    "{} of {} records acknowledged",
                    self.acknowledged, self.sent
                ));
            }
        }
    }
}

/// RD_KAFKA_PARTITION_UA: the client chooses.
const PARTITION_UNASSIGNED: i32 = -1;
/// RD_KAFKA_RESP_ERR__QUEUE_FULL
const RESP_QUEUE_FULL: i32 = -184;

fn fail(message: &str) -> ! {
    eprintln!("librdkafka: {message}");
    std::process::exit(1)
}

unsafe fn text(from: *const c_char) -> String {
    if from.is_null() {
        return String::new();
    }
    CStr::from_ptr(from).to_string_lossy().into_owned()
}

fn cpu_seconds() -> f64 {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

fn properties(run: &Value) -> Vec<(&'static str, String)> {
    let batch_size = run["batchSizeBytes"].as_u64().unwrap();
    vec![
        (
            "bootstrap.servers",
            run["bootstrapServers"].as_str().unwrap().into(),
        ),
        ("acks", run["acks"].as_str().unwrap().into()),
        (
            "enable.idempotence",
            run["isIdempotent"].as_bool().unwrap().to_string(),
        ),
        ("max.in.flight", run["maxInFlight"].to_string()),
        ("linger.ms", run["lingerMs"].to_string()),
        ("batch.size", batch_size.to_string()),
        // Never the limit: batch.size is.
        ("batch.num.messages", "1000000".into()),
        (
            "compression.codec",
            run["compression"].as_str().unwrap().into(),
        ),
        ("queue.buffering.max.messages", "100000".into()),
    ]
}

unsafe fn connect(run: &Value) -> Driver {
    let mut problem = [0 as c_char; 512];
    let conf = rd_kafka_conf_new();
    for (name, value) in properties(run) {
        let (name, value) = (CString::new(name).unwrap(), CString::new(value).unwrap());
        let result = rd_kafka_conf_set(
            conf,
            name.as_ptr(),
            value.as_ptr(),
            problem.as_mut_ptr(),
            problem.len(),
        );
        if result as i32 != 0 {
            fail(&text(problem.as_ptr()));
        }
    }
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    let client = rd_kafka_new(
        rd_kafka_type_t::RD_KAFKA_PRODUCER,
        conf,
        problem.as_mut_ptr(),
        problem.len(),
    );
    if client.is_null() {
        fail(&text(problem.as_ptr()));
    }
    let name = CString::new(run["topic"].as_str().unwrap()).unwrap();
    Driver {
        client,
        topic: rd_kafka_topic_new(client, name.as_ptr(), null_mut()),
        events: rd_kafka_queue_get_main(client),
        payloads: Payloads::read(run["payloadFile"].as_str().unwrap()),
        sent: 0,
        acknowledged: 0,
    }
}

fn main() {
    let argument = std::env::args()
        .nth(1)
        .unwrap_or_else(|| fail("one JSON argument is needed"));
    let run: Value =
        serde_json::from_str(&argument).unwrap_or_else(|error| fail(&error.to_string()));
    let settings: serde_json::Map<String, Value> = properties(&run)
        .into_iter()
        .filter(|(name, _)| *name != "bootstrap.servers")
        .map(|(name, value)| (name.into(), Value::String(value)))
        .collect();
    unsafe {
        let mut driver = connect(&run);
        driver.load(Duration::from_millis(run["warmupMs"].as_u64().unwrap()));
        let before = driver.acknowledged;
        let cpu_before = cpu_seconds();
        let started = Instant::now();
        driver.load(Duration::from_millis(run["windowMs"].as_u64().unwrap()));
        let seconds = started.elapsed().as_secs_f64();
        let figures = json!({
            "version": text(rd_kafka_version_str()),
            "acknowledged": driver.acknowledged,
            "records": driver.acknowledged - before,
            "seconds": seconds,
            "cpuSeconds": cpu_seconds() - cpu_before,
            "settings": settings,
        });
        println!("{figures}");
    }
}
