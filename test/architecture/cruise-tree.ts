import { existsSync } from 'node:fs';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import rules from '../../.dependency-cruiser.mjs';

const folders = ['functions', 'lib', 'local', 'cli', 'console', 'bench', 'test'];

export interface Cruise {
  /** `rule: file → target` for every import that a rule forbids. */
  readonly breaches: readonly string[];
  /** `file → target` of every import of types alone. */
  readonly typeImports: readonly string[];
  /** How many files and packages were met. */
  readonly modules: number;
}

/** Reads every import of a tree laid out like this project, and holds it to the project's rules. */
export async function cruiseTree(baseDir: string): Promise<Cruise> {
  const present = folders.filter((folder) => existsSync(path.join(baseDir, folder)));
  const { output } = await cruise(present, {
    ...rules.options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: rules.forbidden },
  });
  if (typeof output === 'string') throw new Error('A cruise without a reporter answers with an object.');
  return {
    breaches: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${withoutFolders(to)}`),
    typeImports: output.modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ dependencyTypes }) => dependencyTypes.includes('type-only'))
        .map(({ resolved }) => `${source} → ${resolved}`),
    ),
    modules: output.summary.totalCruised,
  };
}

/** A package's name, wherever it is installed and whichever of its files is imported. */
function withoutFolders(target: string): string {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(target)?.[1] ?? target;
}
