/** HTML that is already safe; everything else is escaped on its way into a template. */
export class SafeHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = string | number | SafeHtml | readonly HtmlPart[] | null;

/** Tagged template: strings and numbers are escaped, SafeHtml and lists of it are taken as they are. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): SafeHtml {
  return new SafeHtml(
    literals.map((literal, index) => literal + (index < parts.length ? render(parts[index]!) : '')).join(''),
  );
}

function render(part: HtmlPart): string {
  if (part === null) return '';
  if (part instanceof SafeHtml) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  return escapeHtml(String(part));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const NOT_ALLOWED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
/** Turn the direction of the text around. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** For text and for attribute values in double quotes. What HTML does not allow or turns text around becomes U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(NOT_ALLOWED, '\ufffd')
    .replace(TURNING, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** JSON for inside a <script>: nothing in it can end the script, begin a comment or break a line. */
export function jsonForScript(value: unknown): SafeHtml {
  const text = JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/>/g, '\\u003e')
    .replace(/&/g, '\\u0026')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return new SafeHtml(text);
}
