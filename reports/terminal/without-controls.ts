/**
 * Control characters of names, of keys and of what servers say never reach the terminal, nor do those that turn the
 * direction of a line around.
 */
export function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?');
}

/** A name or a sentence that is to stay on its line, whoever wrote it. */
export function oneLine(text: string): string {
  return withoutControls(text.replace(/\s+/g, ' '));
}

export function oneLineOrNull(text: string | null | undefined): string | null {
  return text == null ? null : oneLine(text);
}
