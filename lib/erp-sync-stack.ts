import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { leaseSeconds } from '../functions/core/timing/lease.ts';
import { stalledSeconds } from '../functions/core/timing/stalled-or-abandoned.ts';
import type {
  AuthorizerVariables,
  ConnectionsVariables,
  DispatcherVariables,
  LinksVariables,
  SessionVariables,
  SyncVariables,
  WorkerVariables,
} from '../functions/wiring/env.ts';
import { AlertTopic } from './alert-topic.ts';
import { DeadLetters } from './dead-letters.ts';
import { FailingFunctions } from './failing-functions.ts';
import { FailingRequests } from './failing-requests.ts';
import { HttpApi } from './http-api.ts';
import { LatePolls } from './late-polls.ts';
import { LostCalls } from './lost-calls.ts';
import { PriorityQueues } from './priority-queues.ts';
import { Schedules } from './schedules.ts';
import {
  addSessionKey,
  addSigningKey,
  grantKeepSecrets,
  grantReadCrmSecrets,
  grantReadKey,
  grantReadSecrets,
  grantRemoveSecrets,
  secretPrefix,
} from './secrets.ts';
import { functionName, grantCall, ServiceFunction } from './service-function.ts';
import type { SignInContext } from './sign-in-context.ts';
import type { Stage } from './stages.ts';
import { Storage } from './storage.ts';
import { feedWorker, workersAtOnce } from './workers.ts';

/** API Gateway gives up after 30 s. */
const apiTimeoutSeconds = 29;
/** It waits 10 s for its authorizer, who may have to have the CRM asked. */
const authorizerTimeoutSeconds = 9;

export interface ErpSyncStackProps extends StackProps {
  readonly stage: Stage;
  /** Whether the worker's concurrency is kept for it. */
  readonly reserve: boolean;
  readonly signIn: SignInContext;
  /** Whom alerts are sent to by mail. */
  readonly alertEmail?: string | undefined;
  /** The table that holds the data since a restore. */
  readonly restoredTable?: string | undefined;
}

/** The whole service of one stage. */
export class ErpSyncStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { stage, reserve, signIn, alertEmail, restoredTable, ...props }: ErpSyncStackProps,
  ) {
    super(scope, id, {
      ...props,
      description: `ERP Sync, stage ${stage.name}`,
      terminationProtection: stage.keepsData,
    });
    // For the bill, and to tell what is whose in an account that has more.
    Tags.of(this).add('service', 'erp-sync');
    Tags.of(this).add('stage', stage.name);
    const storage = new Storage(this, 'Storage', { stage, restoredTable });
    const queues = new PriorityQueues(this, 'Queues', { stage });
    const schedules = new Schedules(this, 'Schedules', { stage });
    const alerts = new AlertTopic(this, 'Alerts', { stage, email: alertEmail });
    const signingKey = addSigningKey(this, stage);
    const sessionKey = addSessionKey(this, stage);

    const stored = { STAGE: stage.name, TABLE_NAME: storage.tableName };
    const outbound = {
      SECRET_PREFIX: secretPrefix(stage),
      OUTBOUND_ALLOW_HTTP: String(stage.outbound.allowHttp),
      OUTBOUND_ALLOW_LOOPBACK: String(stage.outbound.allowLoopback),
      OUTBOUND_PRIVATE_RANGES: stage.outbound.privateRanges.join(','),
    };
    const limits = {
      CALLER_REQUESTS_PER_MINUTE: String(stage.requestsPerMinute.caller),
      TENANT_REQUESTS_PER_MINUTE: String(stage.requestsPerMinute.tenant),
    };
    const engine = {
      ...stored,
      ...queues.variables(),
      ...schedules.variables(),
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
      ...outbound,
      LEASE_SECONDS: String(leaseSeconds(stage.workerTimeoutSeconds)),
      STALLED_SECONDS: String(stalledSeconds(stage.workerTimeoutSeconds)),
    };
    const api = {
      ...engine,
      ...limits,
      SIGNING_KEY_SECRET: signingKey.name,
    };
    const sessionVariables = {
      ...stored,
      ...outbound,
      ...limits,
      SESSION_KEY_SECRET: sessionKey.name,
      PUBLIC_URL: signIn.publicUrl,
      CRM_CLIENT_ID: signIn.crmClientId,
    };
    const asking = { SESSION_FUNCTION: functionName(stage, 'session') };
    const authorizerVariables = { ...stored, ...asking };
    const variables: {
      readonly authorizer: AuthorizerVariables;
      readonly connections: ConnectionsVariables;
      readonly links: LinksVariables;
      readonly sync: SyncVariables;
      readonly session: SessionVariables;
      readonly dispatcher: DispatcherVariables;
      readonly worker: WorkerVariables;
    } = {
      ...{ authorizer: authorizerVariables, session: sessionVariables },
      ...{ connections: api, dispatcher: engine, worker: engine },
      ...{ links: { ...api, ...asking }, sync: { ...api, ...asking } },
    };

    const make = (
      handler: keyof typeof variables,
      timeoutSeconds: number,
      memoryMb: number,
      reservedConcurrency?: number,
    ) => {
      const environment = variables[handler];
      const sizes = { timeoutSeconds, memoryMb, reservedConcurrency };
      return new ServiceFunction(this, handler, { stage, handler, ...sizes, environment }).lambda;
    };
    const authorizer = make('authorizer', authorizerTimeoutSeconds, 512);
    const connections = make('connections', apiTimeoutSeconds, 1024);
    const links = make('links', apiTimeoutSeconds, 1024);
    const sync = make('sync', apiTimeoutSeconds, 1024);
    const session = make('session', apiTimeoutSeconds, 1024);
    const dispatcher = make('dispatcher', 60, 512);
    const worker = make('worker', stage.workerTimeoutSeconds, 1024, reserve ? workersAtOnce(stage) : undefined);

    storage.grantKeyCheck(authorizer);
    for (const one of [connections, links, sync, dispatcher, worker]) {
      storage.grantStores(one);
      queues.grantSend(one);
    }
    storage.grantSignIns(session);
    grantReadCrmSecrets(this, session, stage);
    grantReadKey(this, session, stage, 'session-key');
    // Who asks the CRM who a user is, and what that user sees there.
    for (const one of [authorizer, links, sync]) grantCall(one, session);
    grantKeepSecrets(this, connections, stage);
    for (const one of [links, sync, dispatcher, worker]) grantReadSecrets(this, one, stage);
    for (const one of [connections, links, sync]) grantReadKey(this, one, stage, 'signing-key');
    schedules.grantManage(connections);
    // The end of a purge.
    schedules.grantRemove(dispatcher);
    grantRemoveSecrets(this, dispatcher, stage);
    schedules.forgetOldCalls(dispatcher);
    feedWorker(worker, queues, stage);
    // Drift is told by who finds it: a refresh, a retry, the poll that begins a day.
    for (const one of [connections, sync, dispatcher, worker]) alerts.grantTell(one);

    const http = new HttpApi(this, 'Http', { stage, authorizer, functions: { connections, links, sync, session } });
    const alarming = { stage, topic: alerts.topic };
    new DeadLetters(this, 'DeadLetters', { ...alarming, queues });
    new LatePolls(this, 'LatePolls', alarming);
    new LostCalls(this, 'LostCalls', { ...alarming, schedules, dispatcher });
    new FailingFunctions(this, 'FailingFunctions', { ...alarming, functions: { session, dispatcher, worker } });
    const { deployed, accessLog } = http;
    new FailingRequests(this, 'FailingRequests', { ...alarming, deployed, accessLog: accessLog.logGroup });
    this.tell('ApiUrl', deployed.url);
    this.tell('ApiId', http.api.apiId);
    this.tell('TableName', storage.tableName);
    this.tell('QueueUrlHigh', queues.queues.high.queueUrl);
    this.tell('QueueUrlNormal', queues.queues.normal.queueUrl);
    this.tell('QueueUrlLow', queues.queues.low.queueUrl);
    this.tell('DeadLetterQueueUrlHigh', queues.deadLetterQueues.high.queueUrl);
    this.tell('DeadLetterQueueUrlNormal', queues.deadLetterQueues.normal.queueUrl);
    this.tell('DeadLetterQueueUrlLow', queues.deadLetterQueues.low.queueUrl);
    this.tell('ScheduleGroup', schedules.group.scheduleGroupName);
    this.tell('AlertTopicArn', alerts.topic.topicArn);
    this.tell('WorkerFunction', worker.functionName);
    this.tell('DispatcherFunction', dispatcher.functionName);
  }

  private tell(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
