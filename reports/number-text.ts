/** Figures as people read them. A figure that does not exist is an en dash, never 0. */
export const NO_FIGURE = '–';

/** `412,345`. */
export function countText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  return Math.round(value).toLocaleString('en-US');
}

/** Three significant digits without an exponent: `0.0123`, `4.57`, `123`, `4,567`. */
export function figureText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 99.95) return countText(value);
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.9995) return value.toFixed(2);
  return size < 0.0005 ? value.toPrecision(1) : value.toFixed(3);
}

/** `+34 %`, `-80 %`, `+0.4 %`, and `x12` from a tenfold on, where per cents no longer speak. */
export function changeText(ratio: number): string {
  if (ratio >= 10) return `x${figureText(ratio)}`;
  const percent = (ratio - 1) * 100;
  const size = Math.abs(percent);
  const digits = size < 0.95 ? percent.toFixed(1) : percent.toFixed(0);
  const text = /^-?0(\.0)?$/.test(digits) ? '0' : digits;
  return `${percent > 0 && text !== '0' ? '+' : ''}${text} %`;
}

/** A share as a size without a sign: `3.4 %`, `12 %`; tenfold and more as `x12`. */
export function percentText(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NO_FIGURE;
  if (share >= 9) return `x${figureText(share + 1)}`;
  const percent = share * 100;
  return `${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** `5 %`, `4.1 %`, `0.62 %`: two digits, and no zeros that say nothing. */
export function shortPercentText(fraction: number): string {
  const percent = fraction * 100;
  const text = Math.abs(percent) >= 10 ? percent.toFixed(0) : figureText(Number(percent.toPrecision(2)));
  return `${/\./.test(text) ? text.replace(/\.?0+$/, '') : text} %`;
}

/** `+7.3 %`, `-0.4 %`, `0.0 %`: one digit behind the point, so that columns stand in line. */
export function signedPercentText(fraction: number): string {
  const text = (fraction * 100).toFixed(1);
  if (/^-?0\.0$/.test(text)) return '0.0 %';
  return `${fraction > 0 ? '+' : ''}${text} %`;
}

/** `+2.6 to +3.6 %`. */
export function percentRangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${signedPercentText(low).slice(0, -' %'.length)} to ${signedPercentText(high)}`;
}

/** `0.008`, `<0.001`. */
export function pText(p: number | null): string {
  if (p === null) return NO_FIGURE;
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/** `+45 ms`, `-0.31 ms`. */
export function differenceMsText(differenceMs: number): string {
  return `${differenceMs < 0 ? '-' : '+'}${figureText(Math.abs(differenceMs))} ms`;
}

/** `16 GiB`, `512 MiB`. */
export function memoryText(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(gib < 10 ? 1 : 0)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}

export function partitionsText(count: number): string {
  return count === 1 ? '1 partition' : `${countText(count)} partitions`;
}

export function brokersText(count: number): string {
  return count === 1 ? '1 broker' : `${count} brokers`;
}
