import { SyncError } from '../../../../core/errors.ts';

/**
 * A `write` could have changed something: then an answer that tells nothing leaves the outcome unknown. `read-ids` names
 * records, which may be gone or hidden. A `probe` asks an address whether a Tryton is there at all.
 */
export type Effect = 'read' | 'read-ids' | 'write' | 'probe';

const longestExplanation = 500;
const explained = (...texts: unknown[]): { explanation?: string } => {
  const text = texts.filter((part) => typeof part === 'string' && part.trim() !== '').join(' – ');
  return { explanation: text === '' ? undefined : text.slice(0, longestExplanation) };
};

/** A bare KeyError: `'party.nope'` for a model, `'nofield'` for a field. */
const keyErrorText = /^'[\w.]+'$/;
const passingFault =
  /database is locked|could not connect|connection .*(closed|terminated|lost)|could not serialize|deadlock/i;
/** The database, or what writes to it, does not take a text: half a character, NUL, or too many of them. */
const unstorableText = /codec can't encode|NUL \(0x00\)|invalid byte sequence|value too long for type/;

/** The answer names something that this Tryton does not have: a model whose module is not active, or a field. */
export function isUnknownName(error: unknown, name: string): boolean {
  return error instanceof SyncError && error.kind === 'misconfigured' && error.explanation === `'${name}'`;
}

function refusal(effect: Effect, texts: unknown[]): SyncError {
  if (effect === 'write') return new SyncError('rejected', 'Tryton refused the change.', explained(...texts));
  if (effect === 'read-ids') {
    // In whatever language: a rule tells the user's groups beside its message, a record that is gone tells nothing more
    // (ModelSQL.__check_domain_rule in trytond/model/modelsql.py).
    const isGone = typeof texts[1] !== 'string' || texts[1].trim() === '';
    if (isGone) return new SyncError('missing', 'Tryton does not have the records.', explained(texts[0]));
    return new SyncError('forbidden', 'Tryton hides the records from its user.', explained(...texts));
  }
  return new SyncError('forbidden', 'Tryton refused to read: check the rights of its user.', explained(...texts));
}

/**
 * The `error` member of an answer: `[name, data]`, or `[text, traceback]` for a fault of the server
 * (trytond/exceptions.py, trytond/protocols/jsonrpc.py). Every such answer means that the transaction was rolled back.
 */
export function answerError(error: unknown, effect: Effect): SyncError {
  const [name, data] = Array.isArray(error) ? (error as unknown[]) : [];
  const parts = Array.isArray(data) ? (data as unknown[]) : [];
  switch (name) {
    case 'UserError':
      return refusal(effect, [parts[0], parts[1]]);
    case 'UserWarning':
      return refusal(effect, [parts[1], parts[2]]);
    case 'ConcurrencyException':
      return new SyncError('stale', 'The record was changed in Tryton meanwhile.');
    case 'LoginException':
      return new SyncError(
        'unauthorised',
        'Tryton asks for more than a password.',
        explained('This Tryton user needs a second factor; use one that signs in by password alone.'),
      );
    case undefined:
      return new SyncError('transient', 'Tryton gave up on the request.');
  }
  // Patterns take long on long texts, and the reason stands at the beginning.
  const text = String(name).slice(0, 4 * longestExplanation);
  if (keyErrorText.test(text)) {
    return new SyncError('misconfigured', 'Tryton does not know a model or field.', { explanation: text });
  }
  if (passingFault.test(text)) return new SyncError('transient', 'The database of Tryton is busy.', explained(text));
  if (effect === 'write' && unstorableText.test(text)) return refusal(effect, [text]);
  return new SyncError('defect', 'Tryton failed on the request.', explained(text));
}
