/**
 * `npm run bench:levels`: how often levels that are equal are called different, and how often a difference of 5 % is found.
 *
 *     --collect    30 rounds of four equal configurations by `tidemark run` (about 13 minutes on a quiet machine), stored in
 *                  runs/bench-levels/rounds.ndjson; cut off, the same command goes on. --rounds N for more
 *     --resample   10,000 families drawn from the stored rounds with a fixed seed, each decided by the product's own code,
 *                  at --repeats 3 and at --precision 2%; exit 1 when a demand is not met. Without rounds of one's own,
 *                  from those that ship with this tree (scripts/bench-levels/measured)
 *
 * Without either: --resample.
 */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { collect } from './bench-levels/collect.ts';
import { demandsOf, outcomeText } from './bench-levels/demands.ts';
import { measuredFile, readRounds } from './bench-levels/measured-rounds.ts';
import { resample } from './bench-levels/resample.ts';

const { values } = parseArgs({
  options: {
    collect: { type: 'boolean', default: false },
    resample: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '30' },
    families: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});

if (values.collect) {
  const directory = join('runs', 'bench-levels', 'run');
  const rounds = await collect({ directory, rounds: Number(values.rounds), seed: Number(values.seed) });
  console.log(`${rounds} whole rounds are stored; ${directory} may be removed, which begins anew`);
}
if (values.resample || !values.collect) {
  const measured = readRounds();
  const options = {
    families: Number(values.families),
    seed: Number(values.seed),
    precision: 0.02,
    repeats: 3,
    difference: 0.05,
  };
  const outcome = resample(measured.rounds, options);
  const demands = demandsOf(outcome);
  console.log(`measured rounds: ${relative(process.cwd(), measuredFile())}`);
  console.log(outcomeText(measured, options, outcome));
  for (const { text, isMet } of demands) console.log(`${isMet ? 'met    ' : 'NOT MET'} ${text}`);
  if (demands.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
