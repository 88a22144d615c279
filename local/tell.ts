/** What a person watching hears. */
export interface Tell {
  /** A step that is done or begins: a line with the time since the start. */
  step(line: string): void;
  /** How far the present step is: a line that is overwritten where that is possible. */
  progress(line: string): void;
}

interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[K';

/** Lines with the seconds since `startedAtMs` (of `performance.now()`) in front. */
export function tellTo(output: Output, startedAtMs: number): Tell {
  let last = '';
  let isOpen = false;
  const line = (text: string) => {
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    return `${seconds.padStart(6)} s  ${text}`;
  };
  return {
    step(text) {
      output.write(`${isOpen ? CLEAR_LINE : ''}${line(text)}\n`);
      isOpen = false;
      last = '';
    },
    progress(text) {
      if (output.isTTY) output.write(`${CLEAR_LINE}${line(text)}`);
      else if (text !== last) output.write(`${line(text)}\n`);
      isOpen = output.isTTY === true;
      last = text;
    },
  };
}
