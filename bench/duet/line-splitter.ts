const MAX_LINE_CHARACTERS = 65_536;

/** Cuts a stream of UTF-8 into lines, in bounded memory: of a longer line only the beginning is kept. */
export class LineSplitter {
  private readonly onLine: (line: string) => void;
  private readonly maxCharacters: number;
  private readonly decoder = new TextDecoder();
  private rest = '';

  constructor(onLine: (line: string) => void, maxCharacters = MAX_LINE_CHARACTERS) {
    this.onLine = onLine;
    this.maxCharacters = maxCharacters;
  }

  push(chunk: Buffer): void {
    const parts = this.decoder.decode(chunk, { stream: true }).split('\n');
    for (let index = 0; index < parts.length - 1; index++) this.end(parts[index]!);
    this.append(parts.at(-1)!);
  }

  /** What stands after the last line break. */
  flush(): void {
    if (this.rest !== '') this.end('');
  }

  private append(text: string): void {
    if (this.rest.length < this.maxCharacters) this.rest += text.slice(0, this.maxCharacters);
  }

  private end(text: string): void {
    this.append(text);
    const line = this.rest.replace(/\r$/, '');
    this.rest = '';
    if (line.trim() !== '') this.onLine(line);
  }
}
