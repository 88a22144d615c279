import type { Failure } from '../../core/model/failure.ts';
import type { Application } from '../application.ts';

/** With the texts of the list items that held fields are shown with, in the language of who asks. */
export async function failuresWithTexts(
  { itemTexts }: Pick<Application, 'itemTexts'>,
  tenantId: string,
  failures: readonly Failure[],
  language: string | undefined,
) {
  const shown = failures.filter(({ fields }) => fields.some(({ forms }) => forms));
  const textOf = await itemTexts.of(
    tenantId,
    shown.map(({ connectionId }) => connectionId),
    language,
  );
  return failures.map((failure) => ({
    ...failure,
    fields: failure.fields.map((one) => {
      const [erpField = '', crmField = ''] = one.field.split('~', 2);
      const of = { ...failure, erpField, crmField };
      const texts = one.forms && { crm: textOf(of, 'crm', one.forms.crm), erp: textOf(of, 'erp', one.forms.erp) };
      return { ...one, texts: texts?.crm === undefined && texts?.erp === undefined ? undefined : texts };
    }),
  }));
}
