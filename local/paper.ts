import { styleText } from 'node:util';

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What is written on: a terminal, or a file that somebody reads later. */
export interface Paper {
  /** Characters of a line. */
  readonly width: number;
  strong(text: string): string;
  faint(text: string): string;
}

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 110;
const NARROWEST = 40;
/** What a file, or a terminal that does not say, is taken for. */
const USUAL = 80;

/** The width of the terminal, and colours there unless NO_COLOR says otherwise. */
export function paperOf({ isTTY = false, columns }: Output, environment: NodeJS.ProcessEnv = process.env): Paper {
  const isPlain = !isTTY || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  const styled = (format: 'bold' | 'dim') => (text: string) =>
    isPlain || text === '' ? text : styleText(format, text, { validateStream: false });
  const width = Math.min(Math.max((isTTY && columns) || USUAL, NARROWEST), WIDEST);
  return { width, strong: styled('bold'), faint: styled('dim') };
}

/** Breaks a line at spaces; what follows is indented. A word that is longer than the line stays whole. */
export function wrapped(line: string, width: number, indent: number): string {
  if (line.length <= width) return line;
  const inside = line.lastIndexOf(' ', width);
  const at = inside > indent ? inside : line.indexOf(' ', width);
  if (at < 0) return line;
  return `${line.slice(0, at)}\n${wrapped(`${' '.repeat(indent)}${line.slice(at + 1)}`, width, indent)}`;
}
