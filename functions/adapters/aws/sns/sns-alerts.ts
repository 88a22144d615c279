import type { SNSClientConfig } from '@aws-sdk/client-sns';
import type { Alerts } from '../../../ports/alerts.ts';
import type { Telemetry } from '../../../ports/telemetry.ts';
import { awsFailure } from '../aws-failure.ts';

export interface SnsAlertsOptions {
  readonly topicArn: string;
  readonly telemetry: Telemetry;
  readonly config?: SNSClientConfig;
}

/** Whoever tells something has work to go on with. */
const patience = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

/** The topic of the stage. Its client is loaded with the first alert: most instances never have one. */
export function snsAlerts({ topicArn, telemetry, config = {} }: SnsAlertsOptions): Alerts {
  return {
    async tell(alert) {
      const { tenantId, event } = alert;
      try {
        const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
        const client = new SNSClient({ ...patience, ...config });
        const Subject = `ERP Sync: ${event}`;
        await client.send(new PublishCommand({ TopicArn: topicArn, Subject, Message: JSON.stringify(alert) }));
      } catch (failure) {
        telemetry.failure('alert-not-told', awsFailure('SNS Publish', failure), { tenantId, event });
        telemetry.count('AlertsNotTold', 1);
      }
    },
  };
}
