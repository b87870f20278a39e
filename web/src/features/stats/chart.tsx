// A chart of bars over periods, drawn at the size it has, with a table behind it that says the same and can be saved.
import { useEffect, useRef, useState } from 'react';
import { useLocale, useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { csvOf, labelStep, niceTop, type TableData } from './chart_rules';
import classes from './stats.module.css';

export interface Series {
  name: string;
  /** One of the colours of the sheet. */
  look: 'main' | 'second' | 'warn' | 'quiet';
  values: number[];
}

interface ChartProps {
  title: string;
  /** What the first column of the table is. */
  over: string;
  labels: string[];
  series: Series[];
  /** How a value is written; as a number where nothing else is said. */
  format?: (value: number) => string;
  file: string;
}

const height = 200;
const below = 26;
const above = 10;

function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return { place, width };
}

export function Chart({ title, over, labels, series, format, file }: ChartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { place, width } = useWidth();
  const written = format ?? ((value: number) => value.toLocaleString(locale));
  const total = labels.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  const top = niceTop(Math.max(0, ...total));
  const most = total.indexOf(Math.max(...total));
  const table: TableData = {
    columns: [over, ...series.map((one) => one.name)],
    rows: labels.map((label, i) => [label, ...series.map((one) => one.values[i] ?? 0)]),
  };
  const says = total.some((value) => value > 0)
    ? t('stats.chart_says', { title, count: labels.length, most: labels[most], value: written(total[most] ?? 0) })
    : t('stats.chart_empty', { title });
  return (
    <figure className={`card ${classes.figure}`}>
      <figcaption>
        <h2>{title}</h2>
        {series.length > 1 && (
          <ul className={classes.legend}>
            {series.map((one) => (
              <li key={one.name}>
                <span className={classes.key} data-look={one.look} aria-hidden="true" /> {one.name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <div ref={place} className={classes.plot} dir="auto">
        {width > 0 && <Bars width={width} labels={labels} series={series} top={top} written={written} says={says} />}
      </div>
      <TableTwin title={title} table={table} written={written} file={file} />
    </figure>
  );
}

interface BarsProps {
  width: number;
  labels: string[];
  series: Series[];
  top: number;
  written: (value: number) => string;
  says: string;
}

function Bars({ width, labels, series, top, written, says }: BarsProps) {
  const isMirrored = document.documentElement.dir === 'rtl';
  const axis = Math.min(72, Math.max(34, written(top).length * 7.5 + 8));
  const inner = width - axis;
  const step = inner / Math.max(1, labels.length);
  const bar = Math.max(1, Math.min(44, step * 0.72));
  const x = (at: number, wide = 0) => (isMirrored ? width - at - wide : at);
  const y = (value: number) => above + (height - above - below) * (1 - value / top);
  const every = labelStep(labels.length, inner);
  return (
    <svg width={width} height={height} role="img" aria-label={says}>
      {(Number.isInteger(top / 2) ? [0, top / 2, top] : [0, top]).map((value) => (
        <g key={value}>
          <line x1={x(axis)} x2={x(width)} y1={y(value)} y2={y(value)} className={classes.grid} />
          <text x={x(axis - 6)} y={y(value) + 4} textAnchor="end" className={classes.tick}>
            {written(value)}
          </text>
        </g>
      ))}
      {labels.map((label, i) => {
        const left = axis + step * i + (step - bar) / 2;
        let stacked = 0;
        return (
          <g key={label}>
            {series.map((one) => {
              const value = one.values[i] ?? 0;
              const from = stacked;
              stacked += value;
              return value > 0 ? (
                <rect
                  key={one.name}
                  x={x(left, bar)}
                  y={y(stacked)}
                  width={bar}
                  height={Math.max(1, y(from) - y(stacked))}
                  className={classes.bar}
                  data-look={one.look}
                >
                  <title>{`${label}: ${one.name} ${written(value)}`}</title>
                </rect>
              ) : null;
            })}
            {i % every === 0 && (
              <text x={x(left + bar / 2)} y={height - 8} textAnchor="middle" className={classes.tick}>
                {label}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

interface TwinProps {
  title: string;
  table: TableData;
  written: (value: number) => string;
  file: string;
}

/** The same in words and numbers, for who reads rather than looks. */
function TableTwin({ title, table, written, file }: TwinProps) {
  const { t } = useTranslation();
  return (
    <details className={classes.twin}>
      <summary>
        {t('stats.as_table')}
        <span className="hidden">: {title}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={classes.scroll} aria-label={title} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row[0]}>
                {row.map((value, at) =>
                  at === 0 ? (
                    <th key={table.columns[at]} scope="row">
                      {value}
                    </th>
                  ) : (
                    <td key={table.columns[at]} className="numbers">
                      {typeof value === 'number' ? written(value) : value}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Button compact variant="default" onClick={() => save(`${file}.csv`, csvOf(table))}>
        {t('stats.download')}
        <span className="hidden">: {title}</span>
      </Button>
    </details>
  );
}

function save(name: string, text: string) {
  // The mark tells spreadsheets that this is UTF-8.
  const url = URL.createObjectURL(new Blob([`\uFEFF${text}`], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
