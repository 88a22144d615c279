import { logsCall } from './emulated-aws-call.ts';

const functions = ['authorizer', 'connections', 'links', 'sync', 'dispatcher', 'worker'] as const;
export type FunctionName = (typeof functions)[number];

interface LogPage {
  events: { timestamp: number; message: string }[];
  nextToken?: string;
}

/** What a function logged, a JSON line each; platform lines left out. */
export async function functionLog(awsEndpoint: string, name: FunctionName): Promise<string[]> {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page: LogPage = await logsCall(awsEndpoint, 'FilterLogEvents', {
      logGroupName: `/aws/lambda/erp-sync-local-${name}`,
      ...(nextToken !== undefined && { nextToken }),
    });
    lines.push(...page.events.map(({ message }) => message).filter((message) => message.startsWith('{')));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

/** All functions' lines, for whoever has to find out why a test failed. */
export async function allFunctionLogs(awsEndpoint: string): Promise<string> {
  const logs = await Promise.all(functions.map((name) => functionLog(awsEndpoint, name)));
  return `${logs.flat().join('\n')}\n`;
}
