/**
 * Always true: what a search was refused is refused twice over. Between its search and its read a rule may be switched on,
 * or a row go, and then Tryton refuses what it would not have found. It only reads, so a crash leaves nothing. Test:
 * test/adapters/erp/tryton/read/closed-table.test.ts.
 */
import * as z from 'zod';
import { asSyncError } from '../../../../core/errors.ts';
import { answerAs } from './answer-as.ts';
import type { RpcAnswer } from './json-rpc.ts';
import type { Session } from './session.ts';

export interface SearchRead {
  readonly domain: readonly unknown[];
  readonly fields: readonly string[];
  readonly limit?: number;
  /** Of translated texts. */
  readonly language?: string | undefined;
}

/** Records and their new field values; all in one transaction, or none. */
export type WritePair = readonly [ids: readonly number[], values: Readonly<Record<string, unknown>>];

/** The calls on models that the connector makes. Inactive records are seen everywhere: a link may point to one. */
export interface Models {
  /**
   * Found and read in one transaction, ordered by id; one-to-many rows come along under `name.`. SyncError `forbidden` only
   * where Tryton refuses it twice.
   */
  searchRead(model: string, request: SearchRead): Promise<RpcAnswer & { rows: readonly unknown[] }>;
  /** Rows by id: SyncError `missing` or `forbidden` if one of them cannot be read, its id in the explanation. */
  read(model: string, ids: readonly number[], fields: readonly string[]): Promise<readonly unknown[]>;
  /** Ids of the records that the search finds. */
  search(model: string, domain: readonly unknown[]): Promise<readonly number[]>;
  /** Whether the search finds any record. */
  hasAny(model: string, domain: readonly unknown[]): Promise<boolean>;
  write(model: string, pairs: readonly WritePair[], timestamps: Readonly<Record<string, string>>): Promise<void>;
  /** What the model says of these fields; one it does not have is left out. */
  fieldsGet(model: string, fields: readonly string[]): Promise<Readonly<Record<string, FieldInfo>>>;
  access(models: readonly string[]): Promise<Readonly<Record<string, ModelAccess>>>;
}

export const FieldInfo = z.looseObject({
  string: z.string(),
  required: z.boolean(),
  readonly: z.boolean(),
  /** A number, or an expression as text. */
  size: z.unknown().optional(),
});
export type FieldInfo = z.infer<typeof FieldInfo>;

/** SQLite has 0 and 1 for a boolean; a row that no Tryton made may have none, which Tryton's own searches take for no. */
export const WireBoolean = z.union([z.boolean(), z.number(), z.null()]).transform(Boolean);

export const ModelAccess = z.looseObject({
  read: WireBoolean,
  write: WireBoolean,
  create: WireBoolean,
  delete: WireBoolean,
});
export type ModelAccess = z.infer<typeof ModelAccess>;

const context = { active_test: false };

async function unlessRefusedTwice(send: () => Promise<RpcAnswer>): Promise<RpcAnswer> {
  try {
    return await send();
  } catch (error) {
    if (asSyncError(error).kind !== 'forbidden') throw error;
    return send();
  }
}

export function models(session: Session): Models {
  return {
    async searchRead(model, { domain, fields, limit, language }) {
      const asked = language === undefined ? context : { ...context, language };
      const params = [domain, 0, limit ?? null, [['id', 'ASC']], fields, asked];
      const send = () => session.call(`model.${model}.search_read`, params, 'read');
      const answer = await unlessRefusedTwice(send);
      return { ...answer, rows: answerAs(z.array(z.unknown()), answer.result) };
    },
    async read(model, ids, fields) {
      const { result } = await session.call(`model.${model}.read`, [ids, fields, context], 'read-ids');
      return answerAs(z.array(z.unknown()), result);
    },
    async search(model, domain) {
      const { result } = await session.call(
        `model.${model}.search`,
        [domain, 0, null, [['id', 'ASC']], context],
        'read',
      );
      return answerAs(z.array(z.number()), result);
    },
    async hasAny(model, domain) {
      const params = [domain, 0, 1, [], context];
      const { result } = await session.call(`model.${model}.search`, params, 'read');
      return answerAs(z.array(z.number()), result).length > 0;
    },
    async write(model, pairs, timestamps) {
      await session.call(`model.${model}.write`, [...pairs.flat(), { ...context, _timestamp: timestamps }], 'write');
    },
    async fieldsGet(model, fields) {
      const { result } = await session.call(`model.${model}.fields_get`, [fields, context], 'read');
      return answerAs(z.record(z.string(), FieldInfo), result);
    },
    async access(names) {
      const { result } = await session.call('model.ir.model.access.get_access', [names, context], 'read');
      return answerAs(z.record(z.string(), ModelAccess), result);
    },
  };
}
