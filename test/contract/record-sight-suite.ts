import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type CrmRecordName, mostRecordsAsked, type RecordSight } from '../../functions/ports/record-sight.ts';

/** A CRM that has companies 1 to 250, persons 1 to 3 and projects 1 to 3, and one user who signed in. */
export interface SightFixture {
  readonly sight: RecordSight;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly userId: string;
  /** Of what there is, these the user may not see. */
  hide(...records: CrmRecordName[]): Promise<void>;
  /** The CRM answers nobody. */
  falls(): Promise<void>;
  /** It lets the user in no more, and notices it with the next question. */
  removesUser(): Promise<void>;
  stop?(): Promise<void>;
}

/** Who may see what, asked of the CRM or of its double. */
export function recordSightSuite(of: string, open: () => Promise<SightFixture>): void {
  const record = (crmType: CrmRecordName['crmType'], key: number): CrmRecordName => ({ crmType, crmKey: `${key}` });
  const companies = (count: number) => Array.from({ length: count }, (_, at) => record('company', at + 1));
  let fixture: SightFixture;
  beforeEach(async () => {
    fixture = await open();
    onTestFinished(async () => fixture.stop?.());
  });
  const ask = (...records: CrmRecordName[]) => {
    const { sight, tenantId, sessionId, userId } = fixture;
    return sight.ask({ sight: { tenantId, sessionId, userId, records } });
  };

  test(`of records of every type those are shown that the user may see (${of})`, async () => {
    const all = [record('company', 1), record('company', 2), record('person', 2), record('person', 3)];
    const projects = [record('project', 1), record('project', 2)];
    expect(await ask(...all, ...projects)).toEqual({ shown: [...all, ...projects] });
    await fixture.hide(record('company', 2), record('person', 3), record('project', 1));
    const left = [record('company', 1), record('person', 2), record('project', 2)];
    expect(await ask(...all, ...projects)).toEqual({ shown: left });
  });

  test(`a record that there is not is like one that is hidden (${of})`, async () => {
    await fixture.hide(record('company', 3));
    expect(await ask(record('company', 3))).toEqual({ shown: [] });
    expect(await ask(record('company', 99_999), record('person', 99_999))).toEqual({ shown: [] });
    expect(await ask({ crmType: 'company', crmKey: 'x' })).toEqual({ shown: [] });
  });

  test(`very many are asked for at once (${of})`, async () => {
    const hidden = [5, 77, 201].map((key) => record('company', key));
    await fixture.hide(...hidden);
    const answer = await ask(...companies(250));
    const keys = new Set(hidden.map(({ crmKey }) => crmKey));
    expect(answer).toEqual({ shown: companies(250).filter(({ crmKey }) => !keys.has(crmKey)) });
  });

  test(`none, and more than may be asked for, are refused (${of})`, async () => {
    await expect(ask()).rejects.toThrow();
    await expect(ask(...companies(mostRecordsAsked + 1))).rejects.toThrow();
  });

  test(`a CRM that does not answer shows nothing (${of})`, async () => {
    await fixture.falls();
    expect(await ask(record('company', 1))).toMatchObject({ refusal: 'unanswered' });
  });

  test(`whom the CRM lets in no more sees nothing, and has no session (${of})`, async () => {
    expect(await ask(record('company', 1))).toEqual({ shown: [record('company', 1)] });
    await fixture.removesUser();
    expect(await ask(record('company', 1))).toEqual({ refusal: 'ended' });
    expect(await ask(record('company', 2))).toEqual({ refusal: 'ended' });
  });
}
