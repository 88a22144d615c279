/**
 * Secrets go out and never come back. Always true: what a system says of a request (shown to people, and kept with a
 * failure) does not repeat a secret that was sent with it. Answers that are data stay as they are: a record may have a
 * password's word for its name. Nothing is kept, so a crash changes nothing. Attacked by
 * test/adapters/http/without-echoes.test.ts.
 */
import type { HttpClient, HttpRequest } from '../../ports/http.ts';

/** Shorter ones may be anywhere by chance, in the key of a session too. */
const shortestSecret = 6;

function inJson(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}

/** A sign-in: some systems refuse it with status 200. Any other call carries its secrets in headers. */
function carries({ body }: HttpRequest, forms: readonly string[]): boolean {
  return body !== undefined && forms.some((form) => body.includes(form));
}

export function withoutEchoes(http: HttpClient, secrets: readonly string[]): HttpClient {
  const forms = secrets.filter(({ length }) => length >= shortestSecret).flatMap((one) => [inJson(one), one]);
  return {
    async send(request) {
      const answer = await http.send(request);
      if (answer.status < 400 && !carries(request, forms)) return answer;
      return { ...answer, text: forms.reduce((text, form) => text.replaceAll(form, '…'), answer.text) };
    },
  };
}
