import { ApiFailure } from '../../local/api-client.ts';

/** How a request was refused, its faults by their places; a request that was not refused fails. */
export async function refusalOf(request: Promise<unknown>) {
  const failure = await request.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof ApiFailure)) throw new Error('The request was not refused', { cause: failure });
  const { errors = [], detail, explanation } = failure.problem;
  const faults = Object.fromEntries(errors.map(({ path, message }) => [path, message]));
  return { status: failure.status, faults, detail, explanation };
}
