/** `91.8 %`, `12 %`, `0.04 %`: three digits at most. All and nothing are written so only when they are. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return 'under 0.01 %';
  if (percent < 0.995) return `${percent.toFixed(2)} %`;
  if (percent < 99.95) return `${percent < 9.95 || percent > 90 ? percent.toFixed(1) : percent.toFixed(0)} %`;
  return share >= 1 ? '100 %' : 'over 99.9 %';
}
