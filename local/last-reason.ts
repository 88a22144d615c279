// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const COLOUR = /\u001b\[[0-9;]*m/g;

/** `SyntaxError [ERR_…]: …`, `botocore.exceptions.ClientError: …`, `✘ [ERROR] …` at the beginning of a line. */
const ERROR = /^(✘ \[ERROR\]|(\w+: )?[\w.]*Error( \[\w+\])?:) /;
/** Where Node or esbuild found it: the line before an error, or after it. */
const PLACE = /^((?:file:\/\/)?[^:]+\.(?:ts|mjs|js|py|json):\d+(?::\d+)?):?$/;
/** esbuild, thrown: what is wrong stands in the line after it, behind its place. */
const BUILD = /^Error: Build failed with \d+ errors?:$/;
const OF_BUILD = /^(.+?:\d+:\d+): ERROR: (.+)$/;
/** pip, of a package whose index it could not ask: the cause is in an earlier line. */
const NO_VERSION = /^ERROR: No matching distribution found/;
const UNREACHABLE = /after connection broken by .*?([^:('"<>]+)['")]+: \S+$/;

/** What of an output says best why it failed: the last line that names an error, with its place, else the last at all. */
export function lastReason(output: string): string {
  const lines = output
    .replaceAll(COLOUR, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const at = lines.findLastIndex((line) => ERROR.test(line));
  const [, place, wrong] = (BUILD.test(lines[at] ?? '') && OF_BUILD.exec(lines[at + 1] ?? '')) || [];
  if (wrong !== undefined) return cut(`Error: ${wrong} (${place})`);
  if (at >= 0) return cut(`${lines[at]}${placeOf(lines, at)}`);
  const reason = lines.findLast((line) => /\berror\b|❌|failed|exception/i.test(line)) ?? lines.at(-1) ?? '';
  const unreachable = NO_VERSION.test(reason) && lines.map((line) => UNREACHABLE.exec(line)?.[1]).find(Boolean);
  return cut(unreachable ? `the package index cannot be reached: ${unreachable.trim()}` : reason);
}

function placeOf(lines: readonly string[], at: number): string {
  if (!/^(SyntaxError|✘)/.test(lines[at] ?? '')) return '';
  const near = [...lines.slice(Math.max(0, at - 4), at).reverse(), ...lines.slice(at + 1, at + 3)];
  const place = near.map((line) => PLACE.exec(line)?.[1]).find(Boolean);
  return place ? ` (${fileIn(place)})` : '';
}

/** Node says files as addresses, in which a blank is %20. */
function fileIn(place: string): string {
  if (!place.startsWith('file://')) return place;
  try {
    return decodeURI(place.slice('file://'.length));
  } catch {
    return place;
  }
}

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
