import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

const indexNames = ['gsi1', 'gsi2', 'gsi3'] as const;

/** A transaction needs the actions of its parts. */
const itemActions = [
  ...['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  ...['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  ...['dynamodb:BatchWriteItem', 'dynamodb:ConditionCheckItem'],
];

/** Partition keys as the stores make them (test/lib/sign-in-reach.test.ts); no part of one can hold a `#`. */
const keysAndSessions = ['*#api-keys', '*#session#*'];
const readBySignIns = ['crm-context#*', '*#tenant', '*#api-keys'];
const keptBySignIns = ['session', 'sign-in-pass', 'used-token', 'idempotency', 'rate'].map((what) => `*#${what}#*`);

export interface StorageProps {
  readonly stage: Stage;
  /** Made by a restore, beside the stack, and used in place of the stack's own. */
  readonly restoredTable?: string | undefined;
}

/** The one table. Indexes yield keys only: nothing is decided from a copy that lags. */
export class Storage extends Construct {
  readonly tableName: string;
  private readonly tableArn: string;

  constructor(scope: Construct, id: string, { stage, restoredTable }: StorageProps) {
    super(scope, id);
    const key = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new TableV2(this, 'Table', {
      tableName: `erp-sync-${stage.name}`,
      partitionKey: key('pk'),
      sortKey: key('sk'),
      globalSecondaryIndexes: indexNames.map((indexName) => ({
        indexName,
        partitionKey: key(`${indexName}pk`),
        sortKey: key(`${indexName}sk`),
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires',
      deletionProtection: stage.keepsData,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.tableName = restoredTable ?? table.tableName;
    this.tableArn =
      restoredTable === undefined
        ? table.tableArn
        : Stack.of(this).formatArn({ service: 'dynamodb', resource: 'table', resourceName: restoredTable });
  }

  /** A key or a session looked up with its tenant, and its last use noted; nothing else of a tenant is in reach. */
  grantKeyCheck(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem'], [this.tableArn], ['*#tenant', ...keysAndSessions]);
    this.grant(grantee, ['dynamodb:UpdateItem'], [this.tableArn], keysAndSessions);
  }

  /** Items of sign-ins: read, written and ended by their keys; no list is read, and nothing else of a tenant is in reach. */
  grantSignIns(grantee: IGrantable): void {
    const reads = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
    this.grant(grantee, reads, [this.tableArn], [...readBySignIns, ...keptBySignIns]);
    const changes = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
    this.grant(grantee, changes, [this.tableArn], keptBySignIns);
    this.grant(grantee, ['dynamodb:PutItem'], [this.tableArn], ['*#audit']);
    // The last use of a key that a session is made of.
    this.grant(grantee, ['dynamodb:UpdateItem'], [this.tableArn], ['*#api-keys']);
  }

  /** All that the stores do; nothing scans. */
  grantStores(grantee: IGrantable): void {
    this.grant(grantee, itemActions, [this.tableArn]);
    const indexArns = indexNames.map((name) => `${this.tableArn}/index/${name}`);
    this.grant(grantee, ['dynamodb:Query'], [this.tableArn, ...indexArns]);
  }

  /** `partitions`: those that partition keys have to match, where not all are granted. */
  private grant(grantee: IGrantable, actions: string[], resources: string[], partitions?: readonly string[]): void {
    const conditions = partitions && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } };
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }),
    );
  }
}
