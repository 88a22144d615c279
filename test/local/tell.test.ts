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
