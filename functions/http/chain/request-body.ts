import { SyncError } from '../../core/errors.ts';
import type { HttpEvent, HttpMiddleware } from './http-request.ts';

const maxBodyBytes = 1_000_000;
const maxDepth = 20;

/** Deepest nesting of a JSON text, without parsing it. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inText) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inText = false;
    } else if (sign === '"') inText = true;
    else if (sign === '{' || sign === '[') deepest = Math.max(deepest, ++depth);
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return deepest;
}

function textOf({ body = '', isBase64Encoded }: HttpEvent): string {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) throw new SyncError('too-large', `A body may have ${maxBodyBytes} bytes.`);
  return isBase64Encoded ? bytes.toString('utf8') : body;
}

/** Parses the body of POST, PUT and PATCH as JSON, within bounds. */
export function requestBody(): HttpMiddleware {
  return {
    before({ event: request }) {
      if (!['POST', 'PUT', 'PATCH'].includes(request.event.requestContext.http.method)) return;
      const text = textOf(request.event);
      request.bodyText = text;
      if (text.trim() === '') return;
      if (depthOf(text) > maxDepth)
        throw new SyncError('invalid', `The body is nested deeper than ${maxDepth} levels.`);
      try {
        request.body = JSON.parse(text);
      } catch {
        // The parser's own message quotes the body.
        throw new SyncError('invalid', 'The body is not JSON.');
      }
    },
  };
}
