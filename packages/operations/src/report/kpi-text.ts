/** KPIs as a table for a terminal. */
import type { Kpi } from '@aia/contract';
import { displayWidth, type Page } from './layout.ts';

/** With less room for the basis than this, each KPI is a sentence instead of a row. */
const BASIS_WIDTH = 28;

/** Measured ones as a table; the others by what is missing to measure them. */
export function kpiBlock(page: Page, kpis: readonly Kpi[]): void {
  page.title('KPIs');
  const measured = kpis.filter(({ value }) => value !== undefined);
  const rows = measured.map((kpi) => [kpi.name, kpiValue(kpi), `target ${kpi.target}`, kpi.status]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ''))));
  const basisAt = widths.reduce((sum, width) => sum + width + 2, 2);
  measured.forEach((kpi, i) => {
    const mark = { met: page.style.good, missed: page.style.bad, unknown: page.style.dim }[kpi.status];
    const cells = (rows[i] ?? []).map((text, column) => text + ' '.repeat((widths[column] ?? 0) - displayWidth(text)));
    if (page.width - basisAt >= BASIS_WIDTH)
      page.text(kpi.basis, { indent: 2, column: basisAt, label: cells.join('  '), labelMark: mark });
    else page.text(`${(rows[i] ?? []).join(', ')}; ${kpi.basis}`, { indent: 2, mark });
  });
  unmeasured(
    page,
    kpis.filter(({ value }) => value === undefined),
  );
}

function unmeasured(page: Page, kpis: readonly Kpi[]): void {
  for (const [basis, group] of Map.groupBy(kpis, (kpi) => kpi.basis))
    page.text(`${group.map(({ name }) => name).join(', ')}: not measured; ${basis}`, {
      indent: 2,
      mark: page.style.dim,
    });
}

/** The value with its unit, `–` when unknown. */
export function kpiValue(kpi: Kpi): string {
  if (kpi.value === undefined) return '–';
  if (kpi.unit === 'share') return `${Number((kpi.value * 100).toFixed(1))} %`;
  return kpi.unit === 'count' ? String(kpi.value) : `${kpi.value} ${kpi.unit}`;
}
