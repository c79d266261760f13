import { describeParser } from './laws.suite.ts';
import { parseWebhookCall } from './webhook.ts';
import { rows } from './corpus/webhook.suite.ts';

describeParser('parseWebhookCall', { parse: parseWebhookCall, rows, weaker: ['timeout', 'certificate'] });
