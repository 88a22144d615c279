/** The same invariants where fields are enforced or keep no blanks, whatever is blanked, edited, resynced and compared. */
import fc from 'fast-check';
import { test } from 'vitest';
import { actions, inEveryHistory } from './histories.ts';
import { expectInvariants } from './invariants.ts';
import type { FieldSpec, World } from './world.ts';

const runs = 80;
const noBlanks = fc.boolean();
const flags = fc.record({ enforce: fc.boolean(), noBlanks });
const policy = fc.constantFrom(
  { kind: 'crm-wins' } as const,
  { kind: 'erp-wins' } as const,
  { kind: 'latest-wins', fallback: 'erp' } as const,
  { kind: 'ask' } as const,
);
const oneWay: fc.Arbitrary<FieldSpec[]> = fc.tuple(noBlanks, flags, flags).map(([twoWay, toCrm, toErp]) => [
  { name: 'name', direction: 'both', noBlanks: twoWay },
  { name: 'terms', direction: 'toCrm', ...toCrm },
  { name: 'note', direction: 'toErp', ...toErp },
]);
/** The first two are parts of one value, which goes one way or both. */
const parts: fc.Arbitrary<FieldSpec[]> = fc
  .tuple(noBlanks, noBlanks, fc.boolean(), fc.constantFrom('both', 'toErp', 'toCrm'))
  .map(([street, zip, enforce, direction]) => {
    const whole = { direction, group: 'address', enforce: enforce && direction !== 'both' } as const;
    return [
      { name: 'street', ...whole, noBlanks: street },
      { name: 'zip', ...whole, noBlanks: zip },
      { name: 'city', direction: 'both', noBlanks: street },
    ];
  });
/** Before a link was ever in agreement a blank is filled, whoever made it. */
const inAgreement = (world: World) => world.quiesce();
const people = { edit: 14, blank: 6, resync: 2, compare: 2 } as const;

test('enforced fields are put back and fields without blanks lose no value to one; nothing is lost, nothing echoes', async () => {
  await inEveryHistory(
    fc.record({ fields: oneWay, links: fc.constant(2), policy }),
    actions(people),
    expectInvariants,
    inAgreement,
    runs,
  );
});

test('the same holds where answers to writes prove nothing', async () => {
  const worlds = fc.record({ fields: oneWay, links: fc.constant(2), policy, erpAnswersStored: fc.constant(false) });
  await inEveryHistory(worlds, actions(people), expectInvariants, inAgreement, runs);
});

test('the same holds where the ERP stores something else than it was sent', async () => {
  const erpStores = fc.constant((_field: string, value: unknown) =>
    typeof value === 'string' && value.endsWith('7') ? `${value}~` : (value as null),
  );
  const worlds = fc.record({ fields: oneWay, links: fc.constant(2), erpStores });
  await inEveryHistory(worlds, actions({ ...people, resync: 0 }), expectInvariants, inAgreement, runs);
});

test('the same holds for values of several fields of which some keep no blanks', async () => {
  await inEveryHistory(
    fc.record({ fields: parts, links: fc.constant(2), policy }),
    actions(people),
    expectInvariants,
    inAgreement,
    runs,
  );
});
