/** `node fake-driver.mjs MODE`: speaks the driver protocol without producing anything, and breaks it as MODE says. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const mode = process.argv[2];
const say = (fields) => process.stdout.write(`${JSON.stringify(fields)}\n`);
const segment = (command) => ({
  type: 'segment',
  records: command.type === 'open' ? Math.ceil((command.durationMs * command.recordsPerSecond) / 1000) : 1000,
  wallNs: command.durationMs * 1e6,
  cpuNs: 1e6,
  ...(command.type === 'open' ? { latencyNs: { p50: 1, p90: 2, p99: 3 } } : {}),
});
let claimed = 0;

const commands = {
  connect() {
    if (mode === 'hangs-at-connect') return;
    if (mode === 'says-why') {
      console.error('stack of it all');
      say({ type: 'error', message: 'no route to broker' });
      return;
    }
    if (mode.startsWith('grandchildren')) {
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' });
      console.log(`grandchild ${child.pid}`);
    }
    if (mode === 'garbage') {
      process.stdout.write('\u0000\u0001{"type":\n{"type":"log"}\n[]\nnull\n{}\n');
      process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
    }
    if (mode === 'floods')
      for (let i = 0; i < 100; i++) process.stdout.write('x'.repeat(1 << 20) + (i % 2 ? '\n' : ''));
    if (mode === 'floods') process.stdout.write('\n');
    say({ type: mode === 'wrong-answer' ? 'finished' : 'ready', acknowledged: 0 });
  },
  segment(command) {
    const truth = segment(command);
    if (mode === 'hangs') return;
    if (mode === 'dies' || mode === 'grandchildren-left') {
      console.log('about to fall');
      console.error('cannot go on');
      process.exit(7);
    }
    setTimeout(() => {
      claimed += truth.records;
      if (mode === 'negative') say({ ...truth, records: -5 });
      else if (mode === 'too-fast') say({ ...truth, wallNs: 1 });
      else say(truth);
      if (mode === 'answers-twice') say(truth);
      if (mode === 'dies-between') process.exit(9);
    }, command.durationMs);
  },
  finish() {
    if (mode === 'hangs-at-finish') return;
    say({ type: 'finished', acknowledged: mode === 'counts-less' ? claimed - 1 : claimed });
    if (mode !== 'stays') process.exit(0);
  },
};

if (mode === 'dies-at-once') {
  console.error('first words');
  process.exit(3);
}
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    const name = command.type === 'closed' || command.type === 'open' ? 'segment' : command.type;
    commands[name](command);
  })
  .on('close', () => process.exit(0));
if (mode === 'stays') setInterval(() => {}, 1000);
