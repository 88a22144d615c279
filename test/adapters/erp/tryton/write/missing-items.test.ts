import { expect, test } from 'vitest';
import type { Models } from '../../../../../functions/adapters/erp/tryton/wire/models.ts';
import { missingItems } from '../../../../../functions/adapters/erp/tryton/write/missing-items.ts';
import type { Values } from '../../../../../functions/core/values/value.ts';

function searching(...there: number[]) {
  const asked: string[] = [];
  const models: Pick<Models, 'search'> = {
    async search(model, domain) {
      const [clause] = domain as [[string, string, number[]]];
      asked.push(`${model} ${clause[2].join(',')}`);
      return clause[2].filter((id) => there.includes(id));
    },
  };
  return { asked, models: models as Models };
}

const write = (values: Values) => ({ key: '1', version: 'v', values, replaces: {} });

test('items are looked for once a list, and those that are not there twice over are told apart', async () => {
  const { models, asked } = searching(7);
  const noItem = await missingItems(models, 'customer', [
    write({ CATEGORY: '7', NAME: '9' }),
    write({ CATEGORY: '8', COUNTRY: null }),
    write({ CATEGORY: '7' }),
  ]);
  expect(asked).toEqual(['party.category 7,8', 'party.category 8']);
  expect([noItem('CATEGORY', '7'), noItem('CATEGORY', '8'), noItem('NAME', '9'), noItem('CATEGORY', null)]).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test('an item that an answer left out, once or because it was capped, is there', async () => {
  const { models } = searching(7, 8, 9);
  const whole = models.search;
  const answers = [[], [7], [8], [9]];
  for (const capped of [answers.slice(0, 1), answers.slice(1)]) {
    models.search = async (...asked) => capped.shift() ?? whole(...asked);
    const noItem = await missingItems(
      models,
      'customer',
      ['7', '8', '9'].map((item) => write({ CATEGORY: item })),
    );
    expect(['7', '8', '9'].filter((item) => noItem('CATEGORY', item))).toEqual([]);
  }
});

test('where no item is written nothing is asked', async () => {
  const { models, asked } = searching();
  await missingItems(models, 'customer', [write({ NAME: 'Acme', CATEGORY: null, LANGUAGE: 'no id' })]);
  await missingItems(models, 'project', [write({ NAME: 'Works' })]);
  expect(asked).toEqual([]);
});
