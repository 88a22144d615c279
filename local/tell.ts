import { paperOf, wrapped } from './paper.ts';

/** What a person watching hears. */
export interface Tell {
  /** A step that is done or begins: a line with the time since the start. */
  step(line: string): void;
  /** How far the present step is: a line that is overwritten where that is possible. */
  progress(line: string): void;
}

interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Characters before what is said. */
const TIME = 10;
const CLEAR_LINE = '\r\u001b[K';
/** Where lines cannot be overwritten, so many are not wanted. */
const BETWEEN_LINES_MS = 2_000;

/** Lines with the seconds since `startedAtMs` (of `performance.now()`) in front. */
export function tellTo(output: Output, startedAtMs: number): Tell {
  let isOpen = false;
  let toldAtMs = startedAtMs;
  const time = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s`;
  const line = (text: string) => `${time()}  ${text}`;
  /** Lines of a file are left whole, for programs that read it. */
  const whole = (text: string) => {
    if (!output.isTTY) return line(text);
    const { width, faint } = paperOf(output);
    const [at, said] = [time(), `${' '.repeat(TIME)}${text}`];
    return `${faint(at)}${wrapped(said, width, TIME).slice(at.length)}`;
  };
  return {
    step(text) {
      output.write(`${isOpen ? CLEAR_LINE : ''}${whole(text)}\n`);
      isOpen = false;
      toldAtMs = performance.now();
    },
    progress(text) {
      if (output.isTTY) output.write(`${CLEAR_LINE}${line(text).slice(0, (output.columns ?? 80) - 1)}`);
      else if (performance.now() - toldAtMs < BETWEEN_LINES_MS) return;
      else output.write(`${line(text)}\n`);
      isOpen = output.isTTY === true;
      toldAtMs = performance.now();
    },
  };
}
