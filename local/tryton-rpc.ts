/** A JSON value as Tryton's RPC takes and gives it. */
type RpcValue = unknown;

export interface TrytonLogin {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface TrytonRpc {
  userId: number;
  /** Calls a method of a model; the context is added as the last parameter. */
  call<Result>(model: string, method: string, params: RpcValue[], context?: Record<string, RpcValue>): Promise<Result>;
  /** Runs a wizard: its one form filled in, its button pressed. */
  wizard(name: string, form: RpcValue, button: string): Promise<void>;
  logout(): Promise<void>;
}

/** Logs in to Tryton 8 by JSON-RPC: what a person's own client would do, for seed and tests. */
export async function connectTryton({ url, database, user, password }: TrytonLogin): Promise<TrytonRpc> {
  const endpoint = `${url}/${database}/rpc/`;
  const [userId, session] = await post<[number, string]>(endpoint, {}, 'common.db.login', [user, { password }, 'en']);
  const authorization = `Session ${Buffer.from(`${user}:${userId}:${session}`).toString('base64')}`;
  return {
    userId,
    call: (model, method, params, context = {}) =>
      post(endpoint, { authorization }, `model.${model}.${method}`, [...params, context]),
    async wizard(name, form, button) {
      const run = <Result>(method: string, params: RpcValue[]) =>
        post<Result>(endpoint, { authorization }, `wizard.${name}.${method}`, params);
      const [id] = await run<[number]>('create', [{}]);
      await run('execute', [id, form, button, {}]);
      await run('delete', [id, {}]);
    },
    logout: async () => void (await post(endpoint, { authorization }, 'common.db.logout', [])),
  };
}

/** The series that a server says it is, e.g. "8.2". */
export function trytonVersion(url: string): Promise<string> {
  return post(`${url}/rpc/`, {}, 'common.server.version', []);
}

async function post<Result>(url: string, headers: Record<string, string>, method: string, params: RpcValue[]) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    // Errors are told in the body only for a request of exactly these keys.
    body: JSON.stringify({ id: 1, method, params }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`Tryton answers ${response.status} to ${method}`);
  const answer: { result: Result; error?: RpcValue } = JSON.parse(await response.text());
  if (answer.error) throw new Error(`Tryton refuses ${method}: ${JSON.stringify(answer.error)}`);
  return answer.result;
}
