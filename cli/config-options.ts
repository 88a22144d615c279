import { parseArgs } from 'node:util';

export interface ConfigOptions {
  readonly act: 'export' | 'plan' | 'apply';
  readonly file: string | undefined;
  readonly json: boolean;
  readonly demo: boolean;
  readonly url: string | undefined;
  readonly key: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Loopback never leaves the machine. */
function isReadable({ protocol, hostname }: URL): boolean {
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  return protocol === 'http:' && !isLoopback;
}

function faultOf({ act, file, json, demo, url, key }: ConfigOptions): string | undefined {
  if (act !== 'export' && file === undefined) return `--file is missing: which file to ${act}.`;
  if (act === 'export' && json) return '--json is for plan and apply.';
  if (demo) return undefined;
  if (!url || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return '--url (or ERP_SYNC_URL) is missing or not an address.';
  }
  if (isReadable(new URL(url))) {
    return '--url (or ERP_SYNC_URL) is not https: key and secrets would be readable on their way.';
  }
  if (!key) return '--key (or ERP_SYNC_KEY) is missing.';
  return /^[\x21-\x7e]+$/.test(key) ? undefined : '--key (or ERP_SYNC_KEY) is no key: it has characters that none has.';
}

/** What was asked for, or what is wrong with it in one sentence. */
export function configOptions(
  args: readonly string[],
  environment: Environment,
): ConfigOptions | { readonly fault: string } | { readonly help: true } {
  const option = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { file: option, url: option, key: option, json: flag, demo: flag, help: flag },
    });
    if (values.help) return { help: true };
    const act = positionals.join(' ');
    if (act !== 'export' && act !== 'plan' && act !== 'apply') {
      return { fault: 'What to do is: export, plan or apply.' };
    }
    const { file, json = false, demo = false } = values;
    const url = (values.url ?? environment.ERP_SYNC_URL)?.replace(/\/(v1\/?)?$/, '');
    const options = { act, file, json, demo, url, key: (values.key ?? environment.ERP_SYNC_KEY)?.trim() } as const;
    const fault = faultOf(options);
    return fault === undefined ? options : { fault };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'The options cannot be read.' };
  }
}
