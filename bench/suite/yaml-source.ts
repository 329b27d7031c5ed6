import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';

/** Aliases may repeat what they stand for at most this often: a file cannot blow up in memory. */
const MAX_ALIAS_COUNT = 100;

/** Where the parser speaks to programmers. */
const IN_OUR_WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "a second document begins here, expected one: take the '---' away",
  NON_STRING_KEY: 'a list or a map stands where a name is expected',
};

export type YamlPath = readonly (string | number)[];

/** A parsed YAML file that knows on which line everything stands. */
export class YamlSource {
  /** Syntax errors, each with its line (1-based). */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: true,
    });
    this.errors = this.#document.errors.map((error) => ({
      line: this.#lines.linePos(error.pos[0]).line,
      message: IN_OUR_WORDS[error.code] ?? error.message,
    }));
  }

  /** Plain data. Throws a ReferenceError when aliases multiply beyond what is allowed. */
  value(): unknown {
    return this.#document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  }

  /** The line of the value at `path`, or of the nearest thing around it that exists (1-based). */
  lineOf(path: YamlPath): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const offset = this.#keyOffset(path.slice(0, depth)) ?? this.#valueOffset(path.slice(0, depth));
      if (offset !== null) return this.#lines.linePos(offset).line;
    }
    return 1;
  }

  #valueOffset(path: YamlPath): number | null {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isNode(node) && node.range ? node.range[0] : null;
  }

  /** Where the key of a map's entry begins; null when the path ends elsewhere. */
  #keyOffset(path: YamlPath): number | null {
    if (path.length === 0) return null;
    const parent =
      path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return null;
    const pair = parent.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(path.at(-1)),
    );
    return pair !== undefined && isScalar(pair.key) && pair.key.range ? pair.key.range[0] : null;
  }
}
