import path from 'node:path';

/** Folders whose files are written with their path from here, or from functions/. */
const roots = ['functions', 'lib', 'local', 'cli', 'console', 'bench', 'test', 'docs'];
const insideFunctions = ['handlers', 'http', 'queue', 'sync', 'features', 'core', 'ports', 'adapters', 'wiring'];

const stringOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;

/** The comments of a source file, and nothing of its code. */
export function commentsOf(source: string): string {
  return [...source.matchAll(stringOrComment)]
    .map(([text]) => text)
    .filter((text) => text.startsWith('/'))
    .join('\n');
}

/**
 * What in a text looks like a file or folder of this project: a path that begins with one of its folders, or a name with
 * the ending of its sources and documents. Addresses, other projects' files and what is made at run time are not ours.
 */
export function namedFiles(text: string): string[] {
  const tokens = text.match(/(?<![\w./@{}#-])\.?[\w.*{}-]+(?:\/[\w.*{}-]+)*\/?/g) ?? [];
  return [...new Set(tokens.map((token) => token.replace(/[.]+$/, '')).filter(isOurs))];
}

function isOurs(token: string): boolean {
  if (token.startsWith('local/.') || /(^|\/)node_modules\//.test(token)) return false;
  const [first = '', second] = token.split('/');
  if (second === undefined) return /^[\w*-][\w.*-]*\.(ts|mjs|md)$/.test(token);
  return roots.includes(first) || insideFunctions.includes(first) || /\.(ts|mjs)$/.test(token);
}

/**
 * Whether it is there: from the root, from functions/, beside the file that names it, as the end of exactly one path,
 * or as a pattern that fits at least one.
 */
export function isThere(token: string, namedBy: string, files: readonly string[]): boolean {
  const wanted = token.replace(/\/$/, '');
  const isHere = (file: string) => files.some((known) => known === file || known.startsWith(`${file}/`));
  const folder = path.posix.dirname(namedBy);
  if ([wanted, `functions/${wanted}`, `${folder}/${wanted}`].some(isHere)) return true;
  if (/[*{]/.test(wanted)) return files.some((file) => ['', 'functions/'].some((from) => fits(file, from + wanted)));
  return files.filter((file) => file.endsWith(`/${wanted}`)).length === 1;
}

function fits(file: string, pattern: string): boolean {
  return path.posix.matchesGlob(file, pattern) || path.posix.matchesGlob(file, `${pattern}/**`);
}
