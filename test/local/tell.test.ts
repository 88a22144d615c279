import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { tellTo } from '../../local/tell.ts';

function heard(isTTY: boolean, startedAtMs = performance.now()) {
  const output = { isTTY, columns: 40, text: '', write: (text: string) => (output.text += text) };
  return { output, tell: tellTo(output, startedAtMs) };
}

test('each step is a line with its time', () => {
  const { output, tell } = heard(false);
  tell.step('One');
  tell.step('Two');
  expect(output.text).toMatch(/^ +\d\.\d s {2}One\n +\d\.\d s {2}Two\n$/);
});

test('on a terminal progress is one line that the next step replaces', () => {
  const { output, tell } = heard(true);
  tell.progress('a third');
  tell.progress('a text that is longer than the terminal is wide');
  tell.step('done');
  const [first, second, last] = output.text.split('\r\u001b[K').slice(1);
  expect([first?.slice(-7), second?.length, last?.slice(-5)]).toEqual(['a third', 39, 'done\n']);
});

test('elsewhere progress is told only now and then', () => {
  const { output, tell } = heard(false);
  tell.progress('at once after the start');
  expect(output.text).toBe('');
  const late = heard(false, performance.now() - 5_000);
  late.tell.progress('after a while');
  late.tell.progress('at once after that');
  expect(late.output.text).toBe('   5.0 s  after a while\n');
});

test('on a terminal a long step goes on below where it began, and in a file it is one line', () => {
  const text = 'a step that says more than fits into one line';
  const terminal = heard(true);
  terminal.tell.step(text);
  const lines = stripVTControlCharacters(terminal.output.text).trimEnd().split('\n');
  expect(lines.map((line) => line.slice(10))).toEqual(['a step that says more than', 'fits into one line']);
  expect(lines[1]?.slice(0, 10).trim()).toBe('');
  const file = heard(false);
  file.tell.step(text);
  expect(file.output.text.slice(10)).toBe(`${text}\n`);
});
