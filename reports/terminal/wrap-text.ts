import { withoutControls } from './without-controls.ts';

/**
 * Text broken at spaces, never between a number and its per cent sign: `first` begins its first line, `rest` those that
 * follow (blanks of the same width unless something else is said).
 */
export function wrapText(text: string, width: number, first = '', rest = ' '.repeat(first.length)): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(/ (?!%)/)) {
    const begin = lines.length === 0 ? first : rest;
    if (current !== '' && begin.length + current.length + 1 + word.length > width) {
      lines.push((begin + current).trimEnd());
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, (lines.length === 0 ? first : rest) + current];
}

/** Each line broken by itself; what is broken goes on two columns further in. Control characters become `?`. */
export function wrapLines(lines: readonly string[], width: number): string {
  return lines
    .flatMap((line) => {
      const [, indent = '', text = ''] = /^( *)(.*)$/s.exec(line.replace(/\s*\n\s*/g, ' ').trimEnd())!;
      return wrapText(withoutControls(text), width, indent, `${indent}  `);
    })
    .join('\n');
}
