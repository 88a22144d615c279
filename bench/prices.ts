/**
 * List prices of AWS, US dollars, as of November 2026, before any free tier. Those of DynamoDB, Lambda, SQS, Scheduler and
 * Secrets Manager in us-east-1 are sure; to be checked against the price pages before they are quoted: eu-west-1's storage
 * of DynamoDB, and everything if this date is more than a year ago.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/lambda/pricing/,
 * https://aws.amazon.com/sqs/pricing/, https://aws.amazon.com/eventbridge/pricing/,
 * https://aws.amazon.com/secrets-manager/pricing/, https://aws.amazon.com/api-gateway/pricing/,
 * https://aws.amazon.com/cloudwatch/pricing/
 */
export interface Prices {
  readonly readUnit: number;
  readonly writeUnit: number;
  /** A month. */
  readonly storedGb: number;
  /** arm64. */
  readonly lambdaGbSecond: number;
  readonly lambdaRequest: number;
  readonly sqsRequest: number;
  readonly schedulerCall: number;
  /** A month. */
  readonly secret: number;
  readonly secretRead: number;
  readonly apiRequest: number;
  readonly logGb: number;
}

const million = 1_000_000;

const everywhere = {
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / million,
  sqsRequest: 0.4 / million,
  schedulerCall: 1 / million,
  secret: 0.4,
  secretRead: 0.05 / 10_000,
};

export const prices: Readonly<Record<'us-east-1' | 'eu-west-1', Prices>> = {
  'us-east-1': {
    ...everywhere,
    readUnit: 0.125 / million,
    writeUnit: 0.625 / million,
    storedGb: 0.25,
    apiRequest: 1 / million,
    logGb: 0.5,
  },
  'eu-west-1': {
    ...everywhere,
    readUnit: 0.141 / million,
    writeUnit: 0.705 / million,
    storedGb: 0.283,
    apiRequest: 1.11 / million,
    logGb: 0.57,
  },
};
