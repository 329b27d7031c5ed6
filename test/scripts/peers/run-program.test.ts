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
  // Both hold the output open: the call would not settle while one of them lives.
  await assert.rejects(
    runProgram(['sh', '-c', 'sleep 1000 & sleep 1000'], { timeoutMs: 500 }),
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
