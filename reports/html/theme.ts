/**
 * Colours by role. Charts are drawn with placeholder colours that stand for roles: in the SVG each becomes a CSS
 * variable, so that it follows the colour scheme without a script; the script puts the variables' values in.
 */
const ROLES = {
  text: ['#1b2430', '#e6ebf2'],
  muted: ['#566273', '#a3afbf'],
  line: ['#dde2e9', '#2c3644'],
  band: ['#8a97a8', '#8a97a8'],
  base: ['#64748b', '#94a3b8'],
  surface: ['#ffffff', '#161d27'],
  page: ['#f5f7fa', '#0e131a'],
  accent: ['#0b62c4', '#6cb2ff'],
  good: ['#10714d', '#57cf9d'],
  bad: ['#b3261e', '#ff8f85'],
  warn: ['#8a5300', '#f2b04e'],
  s1: ['#2468c9', '#6aa9ff'],
  s2: ['#c2620a', '#f5a04c'],
  s3: ['#11805c', '#4fc79a'],
  s4: ['#a43c90', '#e38fd3'],
  s5: ['#6a56d8', '#a99cff'],
  s6: ['#b3392f', '#ff8d80'],
  q1: ['#8bb3e8', '#3f6ea8'],
  q2: ['#4f8ad8', '#6aa2e6'],
  q3: ['#1d4f9e', '#b3d4ff'],
} as const;

export type ColorRole = keyof typeof ROLES;
const NAMES = Object.keys(ROLES) as ColorRole[];
const SERIES: readonly ColorRole[] = ['s1', 's2', 's3', 's4', 's5', 's6'];

/** `#a1b2NN`: NN is the role's number. */
export function placeholder(role: ColorRole): string {
  return `#a1b2${NAMES.indexOf(role).toString(16).padStart(2, '0')}`;
}

/** Colour of the nth level beside the base. */
export function seriesColor(index: number): string {
  return placeholder(SERIES[index % SERIES.length]!);
}

/** Placeholders of an SVG as CSS variables. */
export function withCssVariables(svg: string): string {
  return svg.replace(/#a1b2([0-9a-f]{2})/g, (text, number: string) => {
    const name = NAMES[Number.parseInt(number, 16)];
    return name === undefined ? text : `var(--${name})`;
  });
}

/** The names in the order of their numbers, for the script. */
export const COLOR_NAMES: readonly string[] = NAMES;

export function cssVariables(scheme: 'light' | 'dark'): string {
  return NAMES.map((name) => `--${name}:${ROLES[name][scheme === 'light' ? 0 : 1]}`).join(';');
}
