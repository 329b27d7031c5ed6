/**
 * `npm run check:action`: the steps of action.yml as they are, against a real check of a setting against itself (about a
 * minute), as GitHub's runner would run them. What other actions do (setup-node, upload-artifact) is passed over.
 * Ends with `N passed, N failed`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHistory } from '../reports/history/parse-history.ts';
import { readAction, runAction } from './check-action/run-steps.ts';
import { Tally } from './tally.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const VERDICTS = ['no regression', 'minor slowdown', 'improvement', 'inconclusive', 'regression'];

const tally = new Tally();

const directory = mkdtempSync(join(tmpdir(), 'tidemark-action-'));
try {
  const { exitCode, outputs, summary, log } = runAction(readAction(join(root, 'action.yml')), {
    inputs: {
      base: 'acks=1',
      candidate: 'acks=1',
      gates: 'cpu<+50%\n',
      inconclusive: 'pass',
      history: 'tidemark-history.ndjson',
      arguments: '--max-sessions\n8\n',
    },
    workspace: directory,
    actionPath: root,
    temporary: join(directory, 'temporary'),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], GITHUB_RUN_ID: '1' },
  });
  const end = log.slice(-600);
  // One check in a hundred of equal sides may fail; this one need not hold the figures to anything.
  tally.check('the steps end as a check does', [0, 99].includes(exitCode), `exit ${exitCode}: ${end}`);
  tally.check(
    'the verdict is an output',
    VERDICTS.includes(outputs['verdict'] ?? ''),
    JSON.stringify(outputs),
  );
  const [low, change, high] = ['low', 'change', 'high'].map((name) => Number(outputs[name] || Number.NaN));
  tally.check(
    'so is the change with its bounds',
    low! <= change! && change! <= high!,
    JSON.stringify(outputs),
  );
  tally.check(
    'the summary has a table and a picture in letters',
    /\| metric \|[\s\S]*●/.test(summary),
    summary,
  );
  tally.check('the run is annotated', /^::(notice|warning|error) title=Tidemark/m.test(log), end);
  tally.check('check.json is kept', existsSync(join(outputs['directory'] ?? '', 'check.json')));
  const history = join(directory, 'tidemark-history.ndjson');
  const entries = existsSync(history) ? parseHistory(readFileSync(history, 'utf8'), history) : [];
  tally.check('the check is in the history', entries.length === 1, `${entries.length} lines`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
tally.end();
