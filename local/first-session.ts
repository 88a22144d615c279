import { wrapped } from './paper.ts';

/** Something to try beside a running demo: commands that work in the order of the steps, after `. local/session.sh`. */
interface Step {
  readonly title: string;
  readonly commands: readonly string[];
  /** What has to be there still. */
  readonly needs?: 'refused' | 'conflict';
}

/** Keys are those of the seed. README has these steps too. */
export const firstSession: readonly Step[] = [
  {
    title: 'Edit a phone number in the CRM as its user would, sync, and see what that run changed.',
    commands: [`crm company/38 '{"phone":"+31 20 555 01 23"}'`, 'run sync'],
  },
  {
    title:
      'See what needs attention with the first ERP, and mend one: a postcode that is too long for the CRM is edited in the ERP. Of that company nothing needs attention then.',
    needs: 'refused',
    commands: [
      'api "failures?connectionId=$CONNECTION" | show items f \\',
      "  'f.crmName, f.reason, f.fields.map((x) => [x.field, x.reason, x.remedy])'",
      `erp party.address.write '[[92],{"postal_code":"9051"},{}]'`,
      'run sync',
      "api 'failures?crmType=company&crmKey=62' | show items f 'f.reason'",
    ],
  },
  {
    title: 'See what a run would write, without writing it: here if all were as in the ERP.',
    commands: [`run resync-from-erp ',"dryRun":true'`],
  },
  {
    title:
      'See who won where both sides edited one field, and why; which link is broken, for its party was deleted; and a text that goes one way, edited on the other.',
    commands: [
      "api 'changes?crmType=company&crmKey=18' | show items c \\",
      "  'c.erpField, JSON.stringify(c.conflict)'",
      "api 'links?state=broken' | show items l 'l.crmName, l.stateReason'",
      "LINK=$(api 'links?crmType=project&crmKey=1' | field 'items[0].id')",
      `api "links/$LINK/fields" | show fields f 'f.erpLabel, f.state, f.reason'`,
    ],
  },
  {
    title:
      'See what waits for a person, a company of both ERPs that was renamed on two sides, and decide: the CRM keeps its name.',
    needs: 'conflict',
    commands: [
      "api conflicts | show items c 'c.erpField, c.crm, c.erp'",
      "CONFLICT=$(api conflicts | field 'items[0].id')",
      `follow "$(api "conflicts/$CONFLICT/resolve" -d '{"keep":"crm"}' | field id)"`,
    ],
  },
  {
    title: 'See how the connection is doing, and which connections eva reaches, a user of the CRM (tom: both).',
    commands: [
      'api "connections/$CONNECTION/summary" | show actorTypes t \\',
      "  't.actorType, JSON.stringify(t.links)'",
      'EVA=$(npm run --silent sign-in -- eva)',
      'curl -sS -H "Authorization: Bearer $EVA" "$API/connections" \\',
      '  | show items c c.name',
    ],
  },
];

/** As they are pasted into a shell, in lines that fit everywhere. */
export function sessionText(steps: readonly Step[] = firstSession): string {
  const texts = steps.map(({ title, commands }, at) => {
    const comment = wrapped(`# ${at + 1}. ${title}`, 75, 0).replaceAll('\n', '\n#    ');
    return [comment, ...commands].join('\n');
  });
  return texts.join('\n\n');
}
