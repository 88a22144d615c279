import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest, notFound } from './api-error.ts';
import { defaultUserId } from './associates.ts';
import { keyThumbprint, tokenAudience } from './credentials.ts';
import type { Crm } from './crm.ts';
import { crmPage } from './crm-page.ts';
import { parseFaults } from './faults.ts';
import { toFlat } from './flat-record.ts';
import { asksForPage, listen, parseJson, type Reply, type RunningServer, readBody, send } from './http.ts';
import { resetCalls } from './journal.ts';
import { isJsonObject, type Json, type JsonObject, textOf } from './json.ts';
import { changePerson, noteAccessToken, shownPeople, shownPerson } from './people.ts';
import { allRecords, findRecord, type StoredRecord } from './records.ts';
import { softDelete } from './save-record.ts';
import { isRecordType, type RecordType } from './shapes.ts';
import { createRecord, editRecord, mergeRecord } from './user-edits.ts';

type ControlCall = { method: string; path: string[]; query: URLSearchParams; body: string };

/** The simulator's own door: what a user, an administrator or bad luck would do to the CRM. */
export async function startControlServer(crm: Crm, port: number): Promise<RunningServer> {
  let origin = '';
  const server = await listen(port, (request, response) => {
    if (asksForPage(request))
      return send(response, { status: 200, html: crmPage({ tenant: crm.tenant, controlUrl: origin }) });
    return reply(crm, request)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => send(response, { status: 500, json: { error: `${error}` } }));
  });
  origin = server.url;
  return server;
}

async function reply(crm: Crm, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const path = url.pathname.split('/').filter((segment) => segment !== '');
  const call = { method: request.method ?? 'GET', path, query: url.searchParams, body: await readBody(request) };
  try {
    if (path[0] === 'people') return { status: 200, json: peopleReply(crm, call) };
    return path[0] === 'records' ? recordsReply(crm, call) : { status: 200, json: commandReply(crm, call) };
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, json: { error: error.message } };
    throw error;
  }
}

function expectObject(body: string): JsonObject {
  const json = parseJson(body);
  if (!isJsonObject(json)) throw badRequest('The body must be an object.');
  return json;
}

function expectType(text: string | undefined): RecordType {
  if (text === undefined || !isRecordType(text)) throw notFound('The types are company, person and project.');
  return text;
}

function recordsReply(crm: Crm, { method, path, query, body }: ControlCall): Reply {
  const type = expectType(path[1]);
  const by = Number(query.get('by') ?? defaultUserId);
  const flat = (record: StoredRecord) => toFlat(record, crm.countries);
  if (path[2] === undefined) {
    if (method === 'GET') return { status: 200, json: allRecords(crm.database, type).map(flat) };
    if (method === 'POST') return { status: 201, json: flat(createRecord(crm, type, expectObject(body), by)) };
    throw badRequest('Records are listed with GET and made with POST.');
  }
  const id = Number(path[2]);
  if (path[3] === 'merge' && method === 'POST') {
    return { status: 200, json: flat(mergeRecord(crm, { type, id }, Number(expectObject(body).into), by)) };
  }
  const record = findRecord(crm.database, type, id);
  if (record === undefined) throw notFound(`There is no ${type} ${id}.`);
  if (method === 'GET') return { status: 200, json: flat(record) };
  if (method === 'PATCH') return { status: 200, json: flat(editRecord(crm, { type, id }, expectObject(body), by)) };
  if (method !== 'DELETE') throw badRequest('A record is read with GET, edited with PATCH and deleted with DELETE.');
  if (query.get('purge') === 'true') crm.database.records[type].delete(id);
  else softDelete(crm, record, { via: 'control', by });
  return { status: 204 };
}

function peopleReply(crm: Crm, { method, path, body }: ControlCall): Json {
  if (path[1] === undefined) return shownPeople(crm);
  const id = Number(path[1]);
  return method === 'PATCH' ? changePerson(crm, id, expectObject(body)) : shownPerson(crm, id);
}

function commandReply(crm: Crm, { method, path, query, body }: ControlCall): Json {
  switch (`${method} /${path.join('/')}`) {
    case 'GET /calls':
      return { ...crm.journal.calls, total: Object.values(crm.journal.calls).reduce((sum, count) => sum + count, 0) };
    case 'POST /calls/reset':
      resetCalls(crm.journal);
      return {};
    case 'GET /writes': {
      const after = Number(query.get('after') ?? 0);
      return crm.journal.writes.filter((write) => write.seq > after);
    }
    case 'GET /faults':
      return shownFaults(crm);
    case 'PUT /faults':
      return setFaults(crm, parseJson(body));
    case 'GET /credentials':
      return credentials(crm);
    case 'GET /vendor-key':
      return { signingKeyPem: crm.credentials.signingKeyPem, x5t: keyThumbprint(crm.credentials.signingKeyPem) };
    case 'PUT /login':
      crm.loginUrl = textOf(expectObject(body).url);
      return {};
    case 'POST /access-tokens':
      return noteAccessToken(crm, expectObject(body));
    case 'POST /expire-tickets':
      crm.tickets.clear();
      return {};
    case 'POST /move-host':
      crm.hostMoves += 1;
      return { hostMoves: crm.hostMoves };
    case 'POST /edit-before-next-write':
      return addPendingEdit(crm, expectObject(body));
    default:
      throw notFound(`There is no ${method} /${path.join('/')}.`);
  }
}

const shownFaults = (crm: Crm): Json => JSON.parse(JSON.stringify(crm.faults)) as Json;

function setFaults(crm: Crm, input: Json): Json {
  try {
    crm.faults = parseFaults(input);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : 'Faults cannot be read.');
  }
  return shownFaults(crm);
}

function addPendingEdit(crm: Crm, { type, id, changes }: JsonObject): Json {
  const recordType = expectType(typeof type === 'string' ? type : undefined);
  if (typeof id !== 'number' || !isJsonObject(changes)) throw badRequest('Give type, id and changes.');
  crm.pendingEdits.push({ type: recordType, id, changes });
  return { pending: crm.pendingEdits.length };
}

/** What the vendor's portal and the tenant's consent would have given the operator. */
function credentials(crm: Crm): Json {
  const { clientId, clientSecret, systemToken, privateKeyPem } = crm.credentials;
  return {
    contextIdentifier: crm.tenant,
    clientId,
    clientSecret,
    systemToken,
    privateKeyPem,
    tokenIssuer: 'SuperOffice AS',
    tokenAudience: tokenAudience(crm.credentials),
  };
}
