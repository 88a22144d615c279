/** A problem document (RFC 9457) as the API answers it. */
export interface Problem {
  title?: string;
  detail?: string;
  /** The remote system's own words. */
  explanation?: string;
  errors?: { path: string; message: string }[];
  /** API Gateway's own answers are not problem documents. */
  message?: string;
}

/** An answer that is not a success; the message is one sentence for people. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly problem: Problem;

  constructor(request: string, status: number, problem: Problem) {
    super(`${request} was answered with ${status}: ${sentenceOf(problem)}`);
    this.status = status;
    this.problem = problem;
  }
}

/** What is undefined is not sent. */
type Query = Readonly<Record<string, string | undefined>>;

interface ApiRequest {
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

interface ApiAnswer<Body> {
  status: number;
  body: Body;
  /** Revision of the resource, for `If-Match`. */
  etag: string;
}

export interface ApiClient {
  request<Body>(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer<Body>>;
  get<Body>(path: string, query?: Query): Promise<Body>;
  post<Body>(path: string, body?: unknown): Promise<Body>;
  /** Reads, changes and writes back what stands at a path, on condition that nobody else does so meanwhile. */
  replace<Body>(path: string, change: (current: Body) => unknown): Promise<Body>;
  /** All items of a list, page by page. */
  all<Item>(path: string, query?: Query): Promise<Item[]>;
}

/** The HTTP API for scripts and tests: one key, JSON, failures as readable errors. */
export function apiClient({ apiUrl, key }: { apiUrl: string; key: string }): ApiClient {
  async function request<Body>(method: string, path: string, { query = {}, body, headers }: ApiRequest = {}) {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, value);
    const search = asked.size > 0 ? `?${asked}` : '';
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${apiUrl}${path}${search}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...json, ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    }).catch((cause: unknown) => {
      throw new Error(`${method} ${path} got no answer`, { cause });
    });
    const text = await response.text();
    if (!response.ok) throw new ApiFailure(`${method} ${path}`, response.status, readProblem(text));
    const parsed: Body = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, body: parsed, etag: response.headers.get('etag') ?? '' };
  }

  async function get<Body>(path: string, query?: Query): Promise<Body> {
    return (await request<Body>('GET', path, { query })).body;
  }

  return {
    request,
    get,
    post: async <Body>(path: string, body?: unknown) => (await request<Body>('POST', path, { body })).body,
    async replace<Body>(path: string, change: (current: Body) => unknown) {
      const { body, etag } = await request<Body>('GET', path);
      return (await request<Body>('PUT', path, { body: change(body), headers: { 'if-match': etag } })).body;
    },
    async all<Item>(path: string, query: Query = {}) {
      const items: Item[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: Item[]; nextCursor?: string } = await get(path, { limit: '200', ...query, cursor });
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return items;
    },
  };
}

function readProblem(text: string): Problem {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text.slice(0, 300) };
  }
}

function sentenceOf({ title, detail, explanation, errors = [], message }: Problem): string {
  const faults = errors.map(({ path, message: fault }) => `${path}: ${fault}`).join('; ');
  return [detail ?? message ?? title ?? 'no reason given', explanation, faults].filter(Boolean).join(' ');
}
