import middy from '@middy/core';
import { purgeConnection } from '../features/connections/purge-connection.ts';
import { ScheduleCall } from '../ports/work-queue.ts';
import { logFailure } from '../queue/log-failure.ts';
import { dispatchPoll } from '../sync/runs/dispatch-poll.ts';
import { wireEngine } from '../wiring/engine.ts';
import { DispatcherEnvironment, readEnvironment } from '../wiring/env.ts';

const engine = wireEngine(readEnvironment(DispatcherEnvironment));

/** Called by a connection's schedule. */
export const handler = middy<unknown, void>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(engine.telemetry, 'dispatch-failed'))
  .handler(async (event) => {
    const call = ScheduleCall.parse(event);
    return call.kind === 'purge' ? purgeConnection(engine, call) : dispatchPoll(engine, call);
  });
