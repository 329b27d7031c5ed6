import type { KeyTable } from './key-table.ts';

/** Indexes of the keys with most records among those that `accepts` takes, most first; of equals the earlier. */
export function hottestKeys(
  keys: KeyTable,
  most: number,
  accepts: (key: number) => boolean = () => true,
): number[] {
  const found: number[] = [];
  let least = 0;
  for (let key = 0; key < keys.count; key++) {
    const records = keys.recordsAt(key);
    if (records <= least || !accepts(key)) continue;
    let at = found.length;
    while (at > 0 && keys.recordsAt(found[at - 1]!) < records) at--;
    found.splice(at, 0, key);
    if (found.length > most) found.pop();
    if (found.length === most) least = keys.recordsAt(found[most - 1]!);
  }
  return found;
}
