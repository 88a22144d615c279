import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { tryton } from '../../functions/adapters/erp/tryton/tryton.ts';
import { httpClient } from '../../functions/adapters/http/http-client.ts';
import { systemRuntime } from '../../functions/adapters/runtime/system-runtime.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { ConfigValues } from '../../functions/core/model/connector.ts';
import type { Value, Values } from '../../functions/core/values/value.ts';
import type { HttpAnswer, HttpClient } from '../../functions/ports/http.ts';
import type { RecordSystem } from '../../functions/ports/record-system.ts';
import { freePort } from '../../local/ports.ts';
import { startTryton } from '../../local/tryton.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { connectTryton, type TrytonRpc } from '../../local/tryton-rpc.ts';
import type { PersonsHand } from './record-system-suite.ts';

export interface TrytonFixture {
  readonly url: string;
  readonly http: HttpClient;
  readonly system: RecordSystem;
  readonly hand: PersonsHand;
  /** A person who works in Tryton. */
  readonly rpc: TrytonRpc;
  readonly admin: TrytonRpc;
  /** The connector with other settings. */
  connect(config?: ConfigValues, password?: string): RecordSystem;
  /** Puts everything that was stored so far a day into the past, so that it is not within a cursor's overlap. */
  age(): void;
  /** Texts can be in this language from now on; Tryton's own texts stay as they are, for loading them takes long. */
  translateTo(language: string): void;
  /** Ends the connector's sessions. */
  endSessions(): void;
  /** Runs when the connector has read and is about to write. */
  beforeNextWrite(edit: () => Promise<void>): void;
  /** Runs when the connector's next write has been carried out, before it reads again. */
  afterNextWrite(edit: () => Promise<void>): void;
  /** Methods called by the connector since the last question, in order. */
  methods(): string[];
  close(): Promise<void>;
}

interface PartyRow {
  readonly addresses: readonly number[];
  readonly 'contact_mechanisms.': readonly { readonly id: number; readonly type: string }[];
}

/** A server, or something in front of it, that gives so many rows at most. */
function cut(answer: HttpAnswer, most: number | undefined): HttpAnswer {
  if (most === undefined) return answer;
  const body = JSON.parse(answer.text) as { result?: unknown };
  const result = Array.isArray(body.result) ? body.result.slice(0, most) : body.result;
  return { ...answer, text: JSON.stringify({ ...body, result }) };
}

const contactTypes: Readonly<Record<string, string>> = { PHONE: 'phone', EMAIL: 'email', URL: 'website' };

/** A real Tryton with the demo's data on a port and in a folder of its own. */
export async function trytonFixture(): Promise<TrytonFixture> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tryton-contract-'));
  const server = await startTryton({ folder, port: await freePort() });
  const login = (account: { user: string; password: string }) =>
    connectTryton({ url: server.url, database: server.database, ...account });
  const [rpc, admin] = await Promise.all([login(trytonAccounts.person), login(trytonAccounts.admin)]);
  const categories = await rpc.call<{ id: number; name: string }[]>('party.category', 'search_read', [
    [],
    ...[0, null, null, ['name']],
  ]);
  const company = await admin.call<number[]>('company.company', 'search', [[], 0, 1, null]);
  const categoryOf = (name: string) => categories.find((category) => category.name === name)?.id;

  let beforeWrite: (() => Promise<void>) | undefined;
  let afterWrite: (() => Promise<void>) | undefined;
  let loseAnswer = false;
  let mostAnswered: number | undefined;
  let answersLeft = Number.POSITIVE_INFINITY;
  let called: string[] = [];
  const real = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });
  const http: HttpClient = {
    async send(request) {
      const { method } = JSON.parse(request.body ?? '{}') as { method: string };
      called.push(method.replace(/^(common\.db|model)\./, ''));
      if (/\.search(_read)?$/.test(method)) {
        answersLeft -= 1;
        if (answersLeft >= 0) return cut(await real.send(request), mostAnswered);
        answersLeft = Number.POSITIVE_INFINITY;
        throw new SyncError('transient', 'No answer.');
      }
      if (!method.endsWith('.write')) return real.send(request);
      const first = beforeWrite;
      beforeWrite = undefined;
      await first?.();
      const answer = await real.send(request);
      const last = afterWrite;
      afterWrite = undefined;
      await last?.();
      if (!loseAnswer) return answer;
      loseAnswer = false;
      throw new SyncError('unknown-outcome', 'No answer.');
    },
  };
  const connect = (config: ConfigValues = {}, password: string = trytonAccounts.connection.password) =>
    tryton({
      http,
      runtime: systemRuntime(),
      url: server.url,
      config: { database: server.database, user: trytonAccounts.connection.user, dedicatedUser: true, ...config },
      password,
    });

  const party = (type: string, mark: string) => ({
    name: mark,
    categories: [['add', [categoryOf(type === 'person' ? 'Person' : 'Customer')]]],
    identifiers: [['create', [{ type: 'eu_vat', code: 'NL123456782B12' }]]],
    contact_mechanisms: [
      [
        'create',
        Object.entries({
          phone: '+31 20 765 4321',
          mobile: '+31 6 12345678',
          fax: '+31 20 765 4322',
          email: 'Info@acme.example',
          website: 'https://acme.example/?a=b',
        }).map(([kind, value]) => ({ type: kind, value })),
      ],
    ],
    addresses: [
      [
        'create',
        [
          { street: 'Postbus 1\nAfd. 2', postal_code: '1000 AA', city: 'Breda', invoice: true, delivery: false },
          { street: 'Kade 7', postal_code: '1012 LG', city: 'Ede', invoice: false, delivery: true },
        ],
      ],
    ],
  });
  const project = (mark: string) => ({ name: mark, type: 'project', company: company[0], comment: 'One\ntwo' });
  const modelOf = (type: string) => (type === 'project' ? 'project.work' : 'party.party');
  const createMany = async (type: string, marks: readonly string[]) => {
    const records = marks.map((mark) => (type === 'project' ? project(mark) : party(type, mark)));
    return (await rpc.call<number[]>(modelOf(type), 'create', [records])).map(String);
  };

  async function editParty(id: number, field: string, value: Value): Promise<void> {
    if (field === 'NAME') return rpc.call('party.party', 'write', [[id], { name: value }]);
    const [row] = await rpc.call<PartyRow[]>('party.party', 'read', [[id], ['addresses', 'contact_mechanisms.type']]);
    if (field.startsWith('STREET')) {
      const name = field === 'STREETZIP' ? 'postal_code' : 'city';
      return rpc.call('party.address', 'write', [[row?.addresses[1]], { [name]: value }]);
    }
    const contact = row?.['contact_mechanisms.'].find(({ type }) => type === contactTypes[field]);
    return rpc.call('party.contact_mechanism', 'write', [[contact?.id], { value }]);
  }

  async function edit(type: string, key: string, values: Values): Promise<void> {
    for (const [field, value] of Object.entries(values)) {
      if (type !== 'project') await editParty(Number(key), field, value);
      else await rpc.call('project.work', 'write', [[Number(key)], { [field === 'NAME' ? 'name' : 'comment']: value }]);
    }
  }

  function sql(statement: string): void {
    const database = new DatabaseSync(path.join(folder, 'erp', `${server.database}.sqlite`));
    database.exec(`PRAGMA busy_timeout = 10000; ${statement}`);
    database.close();
  }

  return {
    url: server.url,
    http,
    system: connect(),
    rpc,
    admin,
    connect,
    age() {
      const tables = ['party_party', 'party_address', 'party_contact_mechanism', 'party_identifier', 'project_work'];
      const aged = (column: string) => `${column} = strftime('%Y-%m-%d %H:%M:%f', ${column}, '-1 day')`;
      sql(tables.map((table) => `UPDATE ${table} SET ${aged('create_date')}, ${aged('write_date')};`).join(' '));
    },
    translateTo: (language) => sql(`UPDATE ir_lang SET translatable = 1 WHERE code = '${language}';`),
    endSessions: () =>
      sql(
        `DELETE FROM ir_session WHERE create_uid IN (SELECT id FROM res_user WHERE login = '${trytonAccounts.connection.user}');`,
      ),
    beforeNextWrite(edit) {
      beforeWrite = edit;
    },
    afterNextWrite(edit) {
      afterWrite = edit;
    },
    methods() {
      const seen = called;
      called = [];
      return seen;
    },
    hand: {
      create: async (type, mark) => (await createMany(type, [mark]))[0] ?? '',
      createMany,
      edit,
      archive: (type, key) => rpc.call(modelOf(type), 'write', [[Number(key)], { active: false }]),
      remove: (type, key) => rpc.call(modelOf(type), 'delete', [[Number(key)]]),
      async merge(type, key) {
        // Tryton asks before it merges parties of different names.
        const [row] = await rpc.call<{ name: string }[]>('party.party', 'read', [[Number(key)], ['name']]);
        const [into = ''] = await createMany(type, [row?.name ?? '']);
        await admin.wizard('party.replace', { ask: { source: Number(key), destination: Number(into) } }, 'replace');
      },
      async capAnswers(most) {
        mostAnswered = most;
      },
      async failAfterAnswers(count) {
        answersLeft = count;
      },
      async editBeforeNextWrite(type, key, values) {
        beforeWrite = () => edit(type, key, values);
      },
      async loseNextWriteAnswer() {
        loseAnswer = true;
      },
    },
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
