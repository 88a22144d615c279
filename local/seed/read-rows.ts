import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Rows of a data file of this folder: fields separated by semicolons, the first line names them; '' is blank. */
export function readRows<Name extends string>(file: string, names: readonly Name[]): Record<Name, string>[] {
  const lines = readFileSync(path.join(import.meta.dirname, file), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = lines.shift()?.split(';') ?? [];
  return lines.map((line, index) => {
    const cells = line.split(';');
    if (cells.length !== columns.length) throw new Error(`${file} line ${index + 2} has ${cells.length} fields`);
    const cell = (name: Name) => cells[columns.indexOf(name)] ?? '';
    return Object.fromEntries(names.map((name) => [name, cell(name)])) as Record<Name, string>;
  });
}
