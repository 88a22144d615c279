import middy from '@middy/core';
import { dispatchPoll } from '../app/dispatch-poll.ts';
import { DispatcherEnvironment } from '../config/env.ts';
import { wireEngine } from '../config/wiring.ts';
import { logFailure } from '../middleware/log-failure.ts';
import { DispatchMessage } from '../ports/work-queue.ts';

const engine = wireEngine(DispatcherEnvironment.parse(process.env));

/** Called by a connection's schedule. */
export const handler = middy<unknown, void>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(engine.telemetry, 'dispatch-failed'))
  .handler(async (event) => dispatchPoll(engine, DispatchMessage.parse(event)));
