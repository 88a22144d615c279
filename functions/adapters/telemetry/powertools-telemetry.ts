import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../../ports/telemetry.ts';
import { describeFailure } from './describe-failure.ts';

export interface PowertoolsTelemetryOptions {
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly metrics: Pick<Metrics, 'singleMetric'>;
}

/** One JSON line per fact; metrics in CloudWatch's embedded format, each at once, so that a crash loses none. */
export function powertoolsTelemetry({ logger, metrics }: PowertoolsTelemetryOptions): Telemetry {
  return {
    info(event, ids = {}) {
      logger.info(event, { ids });
    },
    failure(event, error, ids = {}) {
      logger.error(event, { ids, failure: describeFailure(error) });
    },
    count(metric, value, dimensions = {}) {
      const single = metrics.singleMetric();
      for (const [name, word] of Object.entries(dimensions)) single.addDimension(name, word);
      single.addMetric(metric, MetricUnit.Count, value);
    },
  };
}
