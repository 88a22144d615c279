import { MemoryRecordSystem } from '../../functions/adapters/memory/memory-record-system.ts';
import type { Value, Values } from '../../functions/core/values/value.ts';
import type {
  Capabilities,
  ChangePage,
  KeysAnswered,
  ListChangesRequest,
  RecordBatch,
  RecordState,
  RecordWrite,
  WriteAnswer,
} from '../../functions/ports/record-system.ts';

/**
 * A record system that may say "missing" of a record which the next read finds, as a replica behind its primary does, and
 * whose adapter may break over the answer to a write that was made, or change its canonical form.
 */
export class FlickeringRecordSystem extends MemoryRecordSystem {
  private readonly hidden = new Set<string>();
  private breaks = false;

  private form: ((value: Value) => Value) | undefined;

  /** From now on every value is read in this form. */
  changeForm(form: (value: Value) => Value): void {
    this.form = form;
  }

  private valuesInForm(values: Values): Values {
    const { form } = this;
    return form ? Object.fromEntries(Object.entries(values).map(([field, value]) => [field, form(value)])) : values;
  }

  private inForm(record: RecordState): RecordState {
    return { ...record, values: this.valuesInForm(record.values) };
  }

  override async capabilities(): Promise<Capabilities> {
    const capabilities = await super.capabilities();
    return this.form ? { ...capabilities, formVersion: capabilities.formVersion + 1 } : capabilities;
  }

  override async listChanges(request: ListChangesRequest): Promise<ChangePage> {
    const page = await super.listChanges(request);
    return { ...page, records: page.records.map((record) => this.inForm(record)) };
  }

  /** The next read does not find the record; the one after it does. */
  hideOnce(key: string): void {
    this.hidden.add(key);
  }

  /** The next write is made, and then its call throws what nobody expects. */
  breakOverNextWrite(): void {
    this.breaks = true;
  }

  override async update(
    type: string,
    writes: readonly RecordWrite[],
    fields: readonly string[],
  ): Promise<WriteAnswer[]> {
    const answers = (await super.update(type, writes, fields)).map((answer) =>
      'stored' in answer && answer.stored ? { ...answer, stored: this.valuesInForm(answer.stored) } : answer,
    );
    if (!this.breaks) return answers;
    this.breaks = false;
    throw new TypeError('an answer that cannot be read');
  }

  /** Which the next read does not find is not shown by an answer about keys either. */
  override async whichExist(type: string, keys: readonly string[]): Promise<KeysAnswered> {
    const answer = await super.whichExist(type, keys);
    const isHidden = (key: string) => this.hidden.has(key);
    return {
      ...answer,
      found: answer.found.filter((key) => !isHidden(key)),
      notFound: [...answer.notFound, ...answer.found.filter(isHidden)],
    };
  }

  override async get(type: string, keys: readonly string[], fields: readonly string[]): Promise<RecordBatch> {
    const hidden = new Set(keys.filter((key) => this.hidden.delete(key)));
    const batch = await super.get(type, keys, fields);
    return {
      ...batch,
      records: batch.records.filter((record) => !hidden.has(record.key)).map((record) => this.inForm(record)),
      missing: keys.filter((key) => hidden.has(key) || batch.missing.includes(key)),
    };
  }
}
