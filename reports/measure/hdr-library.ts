import type { Histogram, JsHistogram } from 'hdr-histogram-js';
import hdr from 'hdr-histogram-js';

/**
 * The one place that knows how hdr-histogram-js is set up here.
 *
 * Values are whole nanoseconds with 3 significant digits: exact to 1 ns up to 2.047 us and to 0.1 % up to
 * one hour, in 32 buckets of 2,048. WebAssembly with 64-bit counts was the fastest form seen (12 to 18 ns
 * per value; 39 to 47 ns in JavaScript), the range is fixed so that no value makes the array grow.
 */
export const HIGHEST_LATENCY_NS = 3_600_000_000_000;
const SIGNIFICANT_DIGITS = 3;
const COUNT_BITS = 64;

/**
 * Compiles the library's WebAssembly, about 15 ms, once per thread. It happens by itself at the first
 * histogram; call it where those 15 ms must not fall into a measurement.
 */
export function prepareHistograms(): void {
  hdr.initWebAssemblySync();
}

/** An empty histogram outside the JavaScript heap: `destroy()` gives its memory back. */
export function createHdrHistogram(): Histogram {
  hdr.initWebAssemblySync();
  return hdr.build({
    useWebAssembly: true,
    bitBucketSize: COUNT_BITS,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_LATENCY_NS,
    autoResize: false,
  });
}

/** HdrHistogram's compressed V2 encoding in base64, as it stands in .hlog files (`HISTF...`). */
export function encodeHdr(histogram: Histogram): string {
  return hdr.encodeIntoCompressedBase64(histogram);
}

/** Reads the compressed V2 encoding into WebAssembly. Throws when it is something else or cut off. */
export function decodeHdr(base64: string): Histogram {
  hdr.initWebAssemblySync();
  return hdr.decodeFromCompressedBase64(base64, COUNT_BITS, true);
}

/**
 * The same into a JavaScript histogram: its percentile listing is right where the WebAssembly one
 * misprints (`10239.100` for `10240.00` in hdr-histogram-js 3.0.1), and it needs no destroy().
 */
export function decodeHdrForListing(base64: string): JsHistogram {
  return hdr.decodeFromCompressedBase64(base64, COUNT_BITS, false) as JsHistogram;
}
