import type { TrytonRpc } from './tryton-rpc.ts';

/** Record rules that hide rows from everybody but root while they are switched on (`perm_read` of the group). */
export const trytonRules = {
  /** Hides every phone, mobile and fax number. */
  phones: 'Phone numbers are for sales alone',
  /** Hides parties whose name begins with `confidentialName`. */
  parties: 'Confidential parties',
} as const;

export const confidentialName = 'Confidential';

/**
 * What grown databases hold besides plain records: a street kept in parts, a party that was merged into another, one that
 * was archived, and rules that can be switched on. The CRM of the demo knows none of the parties.
 */
export async function seedOddities(
  rpc: TrytonRpc,
  { category, country }: { category: number | undefined; country: number | undefined },
): Promise<void> {
  const phone = (value: string) => ['create', [{ type: 'phone', value }]];
  const party = (name: string, number: string, street: object) => ({
    name,
    categories: [['add', [category]]],
    contact_mechanisms: [phone(number)],
    addresses: [
      ['create', [{ ...street, postal_code: '3511 CE', city: 'Utrecht', country, invoice: true, delivery: true }]],
    ],
  });
  const [, source, destination, archived] = await rpc.call<number[]>('party.party', 'create', [
    [
      party('Wiersma Kantoormeubelen B.V.', '+31 30 231 4455', { street_name: 'Oudegracht', building_number: '112' }),
      party('Postma Installaties B.V.', '+31 30 231 4456', { street: 'Voorstraat 4' }),
      party('Postma Installaties B.V.', '+31 30 231 4456', { street: 'Voorstraat 4' }),
      party('Van der Wal Textiel V.O.F.', '+31 30 231 4457', { street: 'Lijnmarkt 19' }),
    ],
  ]);
  await rpc.wizard('party.replace', { ask: { source, destination } }, 'replace');
  await rpc.call('party.party', 'write', [[archived], { active: false }]);
  const shown = `["OR", ["name", "=", null], ["name", "not like", "${confidentialName}%"]]`;
  await createRule(rpc, { name: trytonRules.parties, model: 'party.party', domain: shown });
  const notPhones = '[["type", "not in", ["phone", "mobile", "fax"]]]';
  await createRule(rpc, { name: trytonRules.phones, model: 'party.contact_mechanism', domain: notPhones });
}

async function createRule(rpc: TrytonRpc, rule: { name: string; model: string; domain: string }): Promise<void> {
  const { name, model, domain } = rule;
  const off = { perm_read: false, perm_write: false, perm_create: false, perm_delete: false };
  const rules = [['create', [{ domain }]]];
  await rpc.call('ir.rule.group', 'create', [[{ name, model, global_p: true, default_p: false, rules, ...off }]]);
}
