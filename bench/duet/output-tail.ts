import { HIDDEN } from '../../core/base/secret.ts';
import { isPassword, isShowable } from '../../core/producer/config/options.ts';

/** What went wrong first is often said first. */
const FIRST_LINES = 8;
const LAST_LINES = 22;
const KEPT_CHARACTERS = 400;
/** A shorter value of a property that nobody knows here is hardly a secret, and stands in every other line. */
const SECRET_CHARACTERS = 6;

/** The first and the last lines that a process printed, in bounded memory, without the secrets it was given. */
export class OutputTail {
  private readonly first: string[] = [];
  private readonly last: string[] = [];
  private readonly secrets: readonly string[];
  private dropped = 0;

  /** `properties`: those that the process was given. */
  constructor(properties: Readonly<Record<string, string>> = {}) {
    this.secrets = secretTexts(properties);
  }

  add(line: string): void {
    const shown = this.hide(line);
    const kept = shown.length > KEPT_CHARACTERS ? `${shown.slice(0, KEPT_CHARACTERS)}...` : shown;
    if (this.first.length < FIRST_LINES) {
      this.first.push(kept);
      return;
    }
    this.last.push(kept);
    if (this.last.length <= LAST_LINES) return;
    this.last.shift();
    this.dropped++;
  }

  /** Empty when nothing was printed. */
  text(): string {
    const between = this.dropped === 0 ? [] : [`(${this.dropped} lines more)`];
    return [...this.first, ...between, ...this.last].join('\n');
  }

  /** As it stands under an error message. */
  shown(): string {
    const text = this.text();
    return text === '' ? 'It printed nothing.' : `Its output:\n${text.replace(/^/gm, '  | ')}`;
  }

  hide(text: string): string {
    return this.secrets.reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
  }
}

/** Whole values, their lines, and what stands quoted in a login's line: a client may print the password alone. */
function secretTexts(properties: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(properties)
    .filter(([name, text]) => isPassword(name) || (!isShowable(name) && text.length >= SECRET_CHARACTERS))
    .map(([, text]) => text);
  const parts = values.flatMap((text) => [
    ...text.split(/\r?\n/).filter((line) => line.trim().length >= SECRET_CHARACTERS),
    ...[...text.matchAll(/(?:password|secret)\w*\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s;"']+))/gi)].map(
      (match) => match[1] ?? match[2] ?? match[3]!,
    ),
  ]);
  const texts = new Set([...values, ...parts].filter((text) => text.trim() !== ''));
  return [...texts].sort((a, b) => b.length - a.length);
}
