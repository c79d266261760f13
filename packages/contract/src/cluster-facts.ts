/** What was judged, and the verdict. */
import * as z from 'zod';
import { at, count, list, share, text, texts } from './fields.ts';

export const sourceSchema = z
  .object({
    kind: z.enum(['dump', 'live', 'simulated', 'example']).describe('Where the cluster was read from.'),
    name: text('Path of the dump, context of the kubeconfig, or name of the example.'),
  })
  .describe('What was read.');

export const clusterSchema = z
  .object({
    source: sourceSchema,
    observedAt: at('The moment that everything is judged as of.'),
    serverVersion: text("The API server's version; absent when unknown.").optional(),
    namespaces: texts('Only these were judged; absent when all were.').optional(),
    objects: count('Objects read.'),
    nodes: count('Nodes among them.'),
    pods: z
      .object({
        total: count('Pods that count: not those being deleted, just starting, or superseded by their Job.'),
        succeeding: count('Ready, or completed as their owner wants.'),
        failing: count('The others.'),
      })
      .describe('Pods of the judged namespaces.'),
  })
  .describe('What was judged.');

export const statusSchema = z
  .enum(['ready', 'at-risk', 'not-ready', 'unknown'])
  .describe('`unknown` when too little was read to judge.');

export const verdictSchema = z
  .object({
    status: statusSchema,
    sentence: text('The verdict in a sentence.'),
    score: z.number().min(0).max(100).describe('Weighted mean of the known components, from 0 to 100; 0 when unknown.'),
    confidence: share('How much of what matters could be read.'),
    components: list(
      z
        .object({
          name: text('What it is about.'),
          weight: share('Its part in the score.'),
          value: share('Absent when it cannot be known.').optional(),
          basis: text('What the value rests on.'),
        })
        .describe('One part of the score.'),
      'The parts of the score.',
    ),
  })
  .describe('How far the cluster is from production-ready.');
