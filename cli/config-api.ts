import type { Fault } from './config-yaml.ts';

const deadlineMs = 60_000;

/** An answer that is no success, as sentences. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[]) {
    super(message);
    this.faults = faults;
  }
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly message?: string;
  readonly explanation?: string;
  readonly errors?: readonly Fault[];
}

function problemIn(text: string): Problem {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function answerIn<Answer>(text: string, url: string): Answer {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiRefusal(`What answers at ${url} is not this API.`, []);
  }
}

/** Calls of the API with one key. */
export function configApi({ url, key }: { readonly url: string; readonly key: string }) {
  return async <Answer>(method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> => {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const signal = AbortSignal.timeout(deadlineMs);
    // A body with secrets goes to the address that was given, and nowhere else.
    const redirect = 'manual';
    const response = await fetch(`${url}/v1${path}`, { method, headers, body, signal, redirect }).catch(() => {
      throw new ApiRefusal(`The API at ${url} does not answer.`, []);
    });
    const text = await response.text().catch(() => {
      throw new ApiRefusal(`The answer of the API at ${url} broke off.`, []);
    });
    if (response.ok) return answerIn(text, url);
    const { title, detail, message, explanation, errors = [] } = problemIn(text);
    const reason = detail ?? message ?? title ?? 'no reason was given';
    throw new ApiRefusal(
      `The API answered ${response.status}: ${[reason, explanation].filter(Boolean).join(' ')}`,
      errors,
    );
  };
}
