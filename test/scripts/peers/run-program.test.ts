import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgramTimeoutError, runProgram } from '../../../scripts/peers/run-program.ts';

const LONG = 120_000;

test('a program gives its output and its exit code', async () => {
  const program = 'console.log("out"); console.error("said"); process.exit(3)';
  const result = await runProgram([process.execPath, '-e', program], { timeoutMs: LONG });
  assert.deepEqual(result, { code: 3, stdout: 'out\n', stderr: 'said\n' });
});

test('one that takes too long is killed, with what it had started', async () => {
  const forever = 'setInterval(() => {}, 1000)';
  const program = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'inherit' }); ${forever}`;
  // Both hold the output open: it would not end while one of them lives.
  await assert.rejects(
    runProgram([process.execPath, '-e', program], { timeoutMs: 300 }),
    (error) => error instanceof ProgramTimeoutError && /not finished after/.test(error.message),
  );
});

test('an abort kills it and rejects with the reason', async () => {
  const controller = new AbortController();
  const running = runProgram([process.execPath, '-e', 'setInterval(() => {}, 1000)'], {
    timeoutMs: LONG,
    signal: controller.signal,
  });
  controller.abort(new Error('ended by SIGINT'));
  await assert.rejects(running, /ended by SIGINT/);
});
