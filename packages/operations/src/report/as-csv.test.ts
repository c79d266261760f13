import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCsv } from './as-csv.ts';
import { hostile, rewritten, sample } from './report.suite.ts';

function rowsOf(csv: string): readonly Readonly<Record<string, string>>[] {
  return parse(csv, { columns: true, record_delimiter: '\r\n', relax_quotes: false });
}

describe('CSV', () => {
  it('has a row for each finding, in the order of the report, with its evidence and cause', () => {
    const { findings, rootCauses } = sample();
    const rows = rowsOf(asCsv(sample()));
    expect(rows.map(({ id }) => id)).toEqual(findings.map(({ id }) => id));
    rows.forEach((row, i) => {
      const { severity, code, message, explainedBy, resource } = findings[i] as (typeof findings)[number];
      expect(row).toMatchObject({ severity, code, message, kind: resource.kind, namespace: resource.namespace });
      expect(row['evidence']).not.toBe('');
      const rank = rootCauses.findIndex(({ id }) => id === explainedBy);
      expect(row['cause']).toBe(rank < 0 ? '' : String(rank + 1));
      expect(row['cause_title']).toBe(rootCauses[rank]?.title ?? '');
    });
  });

  it('has its documented columns, also without findings', () => {
    expect(asCsv({ ...sample(), findings: [] })).toBe(
      'severity,code,group,kind,namespace,name,message,since,cause,cause_title,cause_probability,evidence,id\r\n',
    );
  });

  it('stays one table whatever a cluster writes, and gives a spreadsheet nothing to calculate', () => {
    const base = sample();
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (texts) => {
        let i = 0;
        const csv = asCsv(rewritten(base, () => texts[i++ % texts.length] ?? ''));
        const rows = rowsOf(csv);
        expect(rows).toHaveLength(base.findings.length);
        for (const row of rows)
          for (const cell of Object.values(row)) {
            expect(cell).not.toMatch(/^\s*[=+\-@\t\r＝＋－＠]/);
            expect(cell).not.toMatch(/[\p{Cc}\p{Cs}]/u);
          }
      }),
      { numRuns: 200 },
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '＝1'])('takes %j as text', (text) => {
    const [row] = rowsOf(asCsv(rewritten(sample(), () => text)));
    expect(row?.['message']).toBe(`'${text.trim()}`);
  });
});
