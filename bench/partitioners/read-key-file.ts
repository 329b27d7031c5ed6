import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { decodeKey, type KeyEncoding } from '../../workers/decode-key.ts';
import { usageError } from '../cli-error.ts';
import type { KeysRead, OnRecord } from './key-source.ts';
import type { KeyTable } from './key-table.ts';

const CHUNK_BYTES = 1 << 20;
/** The default of max.request.size: no longer key is sent by anybody who has not changed it. */
export const MAX_KEY_BYTES = 1 << 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const MOST_SHOWN_BYTES = 24;

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

export interface KeyFile {
  /** Relative to the working directory; `-` is the standard input. */
  readonly path: string;
  readonly encoding: KeyEncoding;
  readonly workingDirectory: string;
}

/**
 * Reads keys, one per line (CR LF counts as the end of a line, a byte order mark as nothing); each line is a record of
 * its key. A line without a key is counted apart: that is how a record without a key is printed. Reads in pieces, so only
 * the distinct keys, which go into `table`, take memory. Throws CliError (exit 2) with file and line.
 */
export async function readKeyFile(file: KeyFile, table: KeyTable, onRecord: OnRecord): Promise<KeysRead> {
  const lines = new KeyLines(file, table, onRecord);
  const path = file.path === '-' ? '/dev/stdin' : resolve(file.workingDirectory, file.path);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      lines.take(chunk as Buffer);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw usageError(`--keys ${file.path} cannot be read: ${READ_PROBLEMS[code] ?? code}`);
  }
  return lines.end();
}

/** Lines cut out of pieces of a file. */
class KeyLines {
  readonly #file: KeyFile;
  readonly #onRecord: OnRecord;
  readonly #table: KeyTable;
  readonly #place: () => string;
  /** The begun line at the end of the last piece. */
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;
  #records = 0;
  #emptyLines = 0;

  constructor(file: KeyFile, table: KeyTable, onRecord: OnRecord) {
    this.#file = file;
    this.#table = table;
    this.#onRecord = onRecord;
    this.#place = () => `${file.path}:${this.#line}`;
  }

  take(chunk: Buffer): void {
    const block = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = block.lastIndexOf(LINE_FEED) + 1;
    // Copied: the stream uses its memory again.
    this.#rest = Buffer.from(block.subarray(end));
    this.#takeLines(block.subarray(0, end));
    if (this.#rest.length > MAX_KEY_BYTES) {
      this.#line++;
      throw this.#tooLong();
    }
  }

  end(): KeysRead {
    const isMarkAlone = this.#line === 0 && this.#rest.equals(BYTE_ORDER_MARK);
    if (this.#rest.length > 0 && !isMarkAlone)
      this.#takeLines(Buffer.concat([this.#rest, Buffer.from('\n')]));
    const { path, encoding } = this.#file;
    if (this.#records === 0) {
      const lines = this.#line === 1 ? '1 empty line' : `${this.#line} empty lines`;
      const what = this.#line === 0 ? 'is empty' : `has ${lines} and no key`;
      throw usageError(`--keys ${path} ${what}: expected one key per line`);
    }
    const read = { records: this.#records, emptyLines: this.#emptyLines, encoding };
    return { table: this.#table, ...read, name: path === '-' ? 'standard input' : path, kind: 'file' };
  }

  /** Whole lines. Valid UTF-8 is the usual case and is seen for all of them at once. */
  #takeLines(block: Buffer): void {
    const isChecked = this.#file.encoding === 'utf8' && isUtf8(block);
    const isFirst = this.#line === 0 && block.subarray(0, 3).equals(BYTE_ORDER_MARK);
    for (let start = isFirst ? 3 : 0; start < block.length; ) {
      const next = block.indexOf(LINE_FEED, start) + 1;
      const end = next >= 2 && next - 2 >= start && block[next - 2] === CARRIAGE_RETURN ? next - 2 : next - 1;
      this.#line++;
      if (end === start) this.#emptyLines++;
      else if (isChecked) this.#add(block, start, end);
      else this.#takeOdd(block.subarray(start, end));
      start = next;
    }
  }

  #takeOdd(line: Buffer): void {
    const { encoding } = this.#file;
    if (encoding !== 'utf8') {
      const key = decodeKey(line, encoding);
      if (typeof key === 'string') throw usageError(`${this.#place()}: ${key}`);
      this.#add(key, 0, key.length);
      return;
    }
    if (isUtf8(line)) {
      this.#add(line, 0, line.length);
      return;
    }
    const cut = line.length > MOST_SHOWN_BYTES ? '...' : '';
    const shown = `0x${line.subarray(0, MOST_SHOWN_BYTES).toString('hex')}${cut}`;
    throw usageError(
      `${this.#place()}: the key is not UTF-8 (its bytes: ${shown}): save the file as UTF-8, or write binary keys as hex or base64, one per line, and say so: --key-encoding hex`,
    );
  }

  #add(bytes: Buffer, start: number, end: number): void {
    if (end - start > MAX_KEY_BYTES) throw this.#tooLong();
    this.#records++;
    this.#onRecord(this.#table.add(bytes, start, end, 1), this.#place);
  }

  #tooLong(): Error {
    return usageError(
      `${this.#place()}: a key of more than ${MAX_KEY_BYTES} bytes, the default of max.request.size: is this a file with one key per line?`,
    );
  }
}
