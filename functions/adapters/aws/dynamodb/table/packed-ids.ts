/** Each id as the length of what it has in common with the one before, in base 36, and the rest: ids made in a row are alike. */
export function packedIds(ids: readonly string[]): string {
  let before = '';
  const parts = ids.map((id) => {
    let common = 0;
    while (common < 35 && common < id.length && id[common] === before[common]) common += 1;
    before = id;
    return `${common.toString(36)}${id.slice(common)}`;
  });
  return parts.join(' ');
}

export function unpackedIds(packed: string): string[] {
  let before = '';
  return packed.split(' ').flatMap((part) => {
    if (part === '') return [];
    before = before.slice(0, Number.parseInt(part.slice(0, 1), 36)) + part.slice(1);
    return [before];
  });
}
