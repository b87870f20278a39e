// Who does not come: shares by the days between booking and visit, for own visits and for imported ones; of the latter
// also by reminder, weekday and age.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { NoShows } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { Chart } from './chart';
import classes from './stats.module.css';

interface NoShowChartsProps {
  hospital?: number;
  from: string;
  to: string;
}

export function NoShowCharts({ hospital, from, to }: NoShowChartsProps) {
  const { t } = useTranslation();
  const own = useNoShows({ hospital_id: hospital, from_on: from, to_on: to });
  const imported = useNoShows({ hospital_id: hospital, of: 'imported' });
  const shown = [own, imported].filter((one) => one !== undefined && one.missed > 0) as NoShows[];
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="no-shows">
      <h2 id="no-shows">{t('stats.who_misses')}</h2>
      {shown.map((one) => (
        <Shares key={one.of} of={one} />
      ))}
    </section>
  );
}

function useNoShows(query: Record<string, string | number | undefined>) {
  const found = useQuery({
    queryKey: ['admin', 'no-shows', query],
    queryFn: ({ signal }) => get<NoShows>('/api/admin/no-shows', query, signal),
    staleTime: 60_000,
    placeholderData: (old) => old,
  });
  return found.data;
}

interface Share {
  label: string;
  visits: number;
  per_mille: number;
}

function Shares({ of }: { of: NoShows }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const percent = (value: number) =>
    (value / 1000).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });
  const number = (value: number) => value.toLocaleString(locale);
  const span = (from: number, to?: number) =>
    to === undefined ? `${number(from)}+` : from === to ? number(from) : `${number(from)}–${number(to)}`;
  const weekday = (day: number) =>
    new Date(Date.UTC(2024, 0, day)).toLocaleDateString(locale, { weekday: 'short', timeZone: 'UTC' });
  // Side by side only within a span: who books for the same day is never reminded, and comes anyway.
  const reminders = of.by_lead.flatMap(({ from_days, to_days, reminded, unreminded }) => {
    const days = span(from_days, to_days);
    if (!reminded || !unreminded) return [];
    return [
      { ...reminded, label: t('stats.span_reminded', { days }) },
      { ...unreminded, label: t('stats.span_unreminded', { days }) },
    ];
  });
  const charts: [string, string, Share[]][] = [
    ['lead', t('stats.lead_days'), of.by_lead.map((one) => ({ ...one, label: span(one.from_days, one.to_days) }))],
    ['reminder', t('stats.reminder'), reminders],
    ['weekday', t('stats.weekday'), of.by_weekday.map((one) => ({ ...one, label: weekday(one.weekday) }))],
    ['age', t('stats.age'), of.by_age.map((one) => ({ ...one, label: span(one.from_years, one.to_years) }))],
  ];
  return (
    <>
      <p className="muted">
        {t(`stats.missed_${of.of}`, { count: of.visits, share: percent(of.per_mille), visits: number(of.visits) })}
      </p>
      <div className={classes.charts}>
        {charts.map(
          ([name, over, shares]) =>
            shares.length > 0 && (
              <Chart
                key={name}
                title={t('stats.missed_by', { over })}
                over={over}
                labels={shares.map(({ label }) => label)}
                file={`no-shows-${of.of}-${name}`}
                format={percent}
                series={[{ name: t('stats.no_shows'), look: 'warn', values: shares.map((one) => one.per_mille) }]}
              />
            ),
        )}
      </div>
    </>
  );
}
