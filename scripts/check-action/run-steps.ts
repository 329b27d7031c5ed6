import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** As far as a composite action's metadata is used here. */
export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export interface ActionStep {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface RanAction {
  /** Of the first step that failed, or 0. */
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Both streams of all steps. */
  readonly log: string;
}

export function readAction(path: string): ActionFile {
  return parse(readFileSync(path, 'utf8')) as ActionFile;
}

/**
 * Runs the action's own steps as GitHub's runner does: expressions put in, bash -eo pipefail, a file per step for outputs
 * and summary. Steps that use other actions are passed over; after a failed step nothing runs.
 */
export function runAction(
  action: ActionFile,
  options: {
    readonly inputs: Readonly<Record<string, string>>;
    /** Where the project is. */
    readonly workspace: string;
    readonly actionPath: string;
    /** A directory of its own. */
    readonly temporary: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): RanAction {
  const { workspace, actionPath, temporary } = options;
  const values = new Map<string, string>([['github.action_path', actionPath]]);
  for (const [name, input] of Object.entries(action.inputs)) {
    values.set(`inputs.${name}`, options.inputs[name] ?? input.default);
  }
  mkdirSync(temporary, { recursive: true });
  let exitCode = 0;
  let log = '';
  let summary = '';
  for (const [index, step] of action.runs.steps.entries()) {
    if (step.run === undefined || exitCode !== 0) continue;
    const files = {
      GITHUB_OUTPUT: join(temporary, `output-${index}`),
      GITHUB_STEP_SUMMARY: join(temporary, `summary-${index}`),
    };
    for (const file of Object.values(files)) rmSync(file, { force: true });
    const script = join(temporary, `step-${index}.sh`);
    writeFileSync(script, step.run);
    const given = Object.entries(step.env ?? {}).map(([name, text]) => [name, withValues(text, values)]);
    const ran = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: resolve(workspace, withValues(step['working-directory'] ?? '.', values)),
      encoding: 'utf8',
      env: {
        ...options.env,
        GITHUB_ACTIONS: 'true',
        RUNNER_TEMP: temporary,
        ...files,
        ...Object.fromEntries(given),
      },
    });
    log += `${ran.stdout}${ran.stderr}`;
    exitCode = ran.status ?? 1;
    summary += textOf(files.GITHUB_STEP_SUMMARY);
    for (const line of textOf(files.GITHUB_OUTPUT).split('\n')) {
      const [name = '', ...rest] = line.split('=');
      if (name !== '') values.set(`steps.${step.id}.outputs.${name}`, rest.join('='));
    }
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    withValues(value, values),
  ]);
  return { exitCode, outputs: Object.fromEntries(outputs), summary, log };
}

/** `${{ inputs.base }}`: plain names only; what is not there is empty, as on GitHub. */
function withValues(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => values.get(name) ?? '');
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
