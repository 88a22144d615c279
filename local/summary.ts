import type { ChangeReport, Report } from './demo-report.ts';
import { type Paper, wrapped } from './paper.ts';
import type { Side } from './side.ts';

const LABEL = 20;
/** So many names or fields are written out. */
const SHOWN = 8;
/** A side's own name, and that of the one whose values are written to it. */
const sideName = { crm: 'CRM', erp: 'ERP' } as const;
const sourceName = { crm: 'ERP', erp: 'CRM' } as const;

/** What is told of something; without a label it belongs to what is above. */
interface Line {
  readonly label?: string;
  readonly text: string;
}

/** What happened, in plain words, for a person at a terminal. */
export function summaryOf(report: Report, paper: Paper): string {
  const { first, sync, compared } = report;
  const count = Object.values(report.links).reduce((sum, one) => sum + one, 0);
  const byType = Object.entries(report.links).map(([type, links]) => `${links} ${plural(type, links)}`);
  const since = first ? '' : ' since the start';
  const lines = [
    entry('Linked', `${count} records of each side: ${byType.join(', ')}`),
    entry('Written to the CRM', `${written(report.changes, 'crm')}${since}`),
    entry('Written to the ERP', `${written(report.changes, 'erp')}${since}`),
    ...contested(report.changes),
    ...shared(report),
    ...needsAttention(report),
    ...broken(report),
    ...refusedFields(report),
    ...waitingForItems(report),
    ...leftAlone(report),
  ];
  if (first)
    lines.push(entry('First sync', `${calls(first.counters)}, ${first.seconds.toFixed(1)} s with the linking`));
  lines.push(entry(first ? 'Sync after that' : 'Sync', `${outcome(sync)}, ${calls(sync)}`));
  lines.push(entry('Comparison of all', `${outcome(compared)}, ${calls(compared)}`));
  lines.push(...newCustomers(report), ...access(report));
  return lines.map((line) => onPaper(line, paper)).join('\n');
}

function plural(type: string, count: number): string {
  return count === 1 ? type : `${type}s`;
}

function fields(count: number): string {
  return `${count} ${plural('field', count)}`;
}

function calls({ callsToCrm, callsToErp }: { callsToCrm: number; callsToErp: number }): string {
  return `${callsToCrm} calls to the CRM and ${callsToErp} to the ERP`;
}

function outcome({ writtenToCrm, writtenToErp }: { writtenToCrm: number; writtenToErp: number }): string {
  if (writtenToCrm + writtenToErp === 0) return 'nothing to write';
  return `${fields(writtenToCrm)} written to the CRM, ${writtenToErp} to the ERP`;
}

function why({ rule, decidedBy, side }: ChangeReport): string {
  if (rule === 'first-sync-fills-blank') return 'that were blank';
  if (rule === 'chosen-at-connect') return 'chosen when linking';
  if (decidedBy !== undefined) return 'where both differed';
  return `edited in the ${sourceName[side]}`;
}

function written(changes: ChangeReport[], side: Side): string {
  const reasons = changes.filter((change) => change.side === side).map(why);
  if (reasons.length === 0) return 'nothing';
  const counts = [...new Set(reasons)].map((reason) => `${reasons.filter((one) => one === reason).length} ${reason}`);
  return `${fields(reasons.length)}: ${counts.join(', ')}`;
}

const policyWords: Readonly<Record<string, string>> = {
  'chosen-at-connect': 'chosen when linking',
  'latest-wins': 'the later edit wins',
  'latest-wins-fallback-crm': 'the CRM wins where times cannot tell',
  'latest-wins-fallback-erp': 'the ERP wins where times cannot tell',
  'crm-wins': 'the CRM wins',
  'erp-wins': 'the ERP wins',
  'one-way': 'the field goes one way',
};

/** Fields that both sides had filled differently: who won, over what. */
function contested(changes: ChangeReport[]): Line[] {
  const both = changes.filter(({ decidedBy, rule }) => decidedBy !== undefined || rule === 'chosen-at-connect');
  if (both.length === 0) return [];
  const details = both
    .slice(0, SHOWN)
    .flatMap(({ label, record, side, oldValue, newValue, before, decidedBy, rule }) => {
      const decision = policyWords[decidedBy ?? rule] ?? decidedBy ?? rule;
      const base = before === undefined ? '' : `, both had "${before}" before`;
      return [
        `${label} of ${record}: ${decision}`,
        `  ${sourceName[side]} "${newValue ?? ''}" replaced ${sideName[side]} "${oldValue ?? ''}"${base}`,
      ];
    });
  return [
    entry('Both sides differed', `${fields(both.length)} (GET /v1/changes):`),
    ...[...details, ...more(both)].map(detail),
  ];
}

function shared({ shared: count, conflicts }: Report): Line[] {
  const waiting = conflicts
    .slice(0, SHOWN)
    .map(({ erpField, record, crm, erp }) => `${erpField} of ${record}: CRM "${crm ?? ''}", ERP "${erp ?? ''}"`);
  return [
    ...(count > 0 ? [entry('Linked twice', `${count} records have a link of the second connection, too`)] : []),
    ...(conflicts.length > 0
      ? [entry('Waits for you', `${fields(conflicts.length)} held, changed on both sides (GET /v1/conflicts):`)]
      : []),
    ...[...waiting, ...more(conflicts)].map(detail),
  ];
}

function needsAttention({ troubles }: Report): Line[] {
  const details = troubles.map(({ reason, explanation = '', runId }) => {
    const answer = reason.startsWith('braked-') && runId ? ` (POST …/sync-runs/${runId}/continue or …/drop)` : '';
    return `${reason}: ${explanation}${answer}`;
  });
  return details.length === 0 ? [] : [entry('Needs attention', ''), ...details.map(detail)];
}

function waitingForItems({ unmapped }: Report): Line[] {
  if (unmapped.length === 0) return [];
  const items = unmapped.slice(0, SHOWN).map(({ text, item, erpList, crmList, links }) => {
    const records = `${links} ${plural('record', links)} ${links === 1 ? 'waits' : 'wait'}`;
    return `"${text ?? item}" of the ERP's list ${erpList} is no item of the CRM's list ${crmList}: ${records}`;
  });
  return [
    entry('Waits for a list', 'map these items (PUT …/list-mappings), and the fields go by themselves:'),
    ...[...items, ...more(unmapped)].map(detail),
  ];
}

const breaks: Readonly<Record<string, string>> = {
  'crm-record-gone': 'deleted in the CRM',
  'erp-actor-gone': 'deleted in the ERP',
  'crm-record-merged': 'merged into another in the CRM',
  'erp-actor-merged': 'merged into another in the ERP',
};

function broken({ broken: links }: Report): Line[] {
  if (links.length === 0) return [];
  const details = links.slice(0, SHOWN).map(({ record, reason }) => `${record}: ${breaks[reason] ?? reason}`);
  const text = `${links.length}; the other record stays (GET /v1/links?state=broken):`;
  return [entry('Broken links', text), ...[...details, ...more(links)].map(detail)];
}

function refusedFields({ refused }: Report): Line[] {
  if (refused.length === 0) return [];
  const details = refused.slice(0, SHOWN).map(({ label, record, reason }) => `${label} of ${record}: ${reason}`);
  const text = `${fields(refused.length)}, until a value changes (GET /v1/failures):`;
  return [entry('Refused', text), ...[...details, ...more(refused)].map(detail)];
}

function leftAlone({ first, onlyInErp, onlyInCrm, ownValues, oneWay }: Report): Line[] {
  const alike = first?.linked.alike ?? 0;
  const names = (records: { name: string }[]) =>
    [...records.slice(0, SHOWN).map(({ name }) => name), ...more(records)].join(', ');
  const details = [
    ...(onlyInErp.length > 0 ? [`${onlyInErp.length} only in the ERP, linked by nobody: ${names(onlyInErp)}`] : []),
    ...(onlyInCrm.length > 0 ? [`${onlyInCrm.length} only in the CRM, linked by nobody: ${names(onlyInCrm)}`] : []),
    ...(alike > 0 ? [`${fields(alike)} that both sides write in another way and mean the same`] : []),
    ...oneWay.map(({ labels, reason }) => `${labels.join(', ')}: only to the CRM. ${reason}`),
    ...ownValues.flatMap(({ label, record, crm, erp }) => [
      `${label} of ${record}: goes only to the CRM, which was edited (GET /v1/links/{id}/fields)`,
      `  CRM "${crm}" stays, as does ERP "${erp}"`,
    ]),
  ];
  return details.length === 0 ? [] : [entry('Left alone', ''), ...details.map(detail)];
}

/** What people will meet when they make a customer in the ERP. */
function newCustomers({ newCustomers: { fixed, asked, mandatory } }: Report): Line[] {
  const parts = [
    ...(fixed.length > 0 ? [`gets ${fixed.join(', ')}`] : []),
    ...(asked.length > 0 ? [`is asked for ${asked.join(', ')}`] : []),
    ...(mandatory.length > 0 ? [`needs ${mandatory.join(', ')}`] : []),
  ];
  return parts.length > 0 ? [entry('A new customer', parts.join(', '))] : [];
}

function access({ access: { erpTab, connections, users }, newCustomers: { erpTab: shown } }: Report): Line[] {
  const shows = shown.length > 0 ? `; shows ${shown.join(', ')}` : '';
  const [first, ...others] = connections.map(({ name, isFor }) => `${name}: ${isFor}`);
  const details = users.map(({ name, groups, hasErpTab, connections: reached }) => {
    const all = reached.length === connections.length ? 'all of them' : reached.join(', ') || 'none of them';
    return `${name} (${groups.join(', ')}) ${hasErpTab ? `may use ${all}` : 'has no ERP tab'}`;
  });
  return [
    entry('ERP tab', `for ${erpTab}${shows}`),
    ...(first === undefined ? [] : [entry('Who may use what', first)]),
    ...others.map((text) => entry('', text)),
    ...details.map(detail),
  ];
}

function more(items: unknown[]): string[] {
  return items.length > SHOWN ? [`and ${items.length - SHOWN} more`] : [];
}

const entry = (label: string, text: string): Line => ({ label, text });
const detail = (text: string): Line => ({ text });

function onPaper({ label, text }: Line, { width, strong }: Paper): string {
  if (label === undefined) return wrapped(`    ${text}`, width, text.startsWith(' ') ? 8 : 6);
  const line = wrapped(`${label.padEnd(LABEL)}${text}`.trimEnd(), width, LABEL);
  return `${strong(line.slice(0, label.length))}${line.slice(label.length)}`;
}
