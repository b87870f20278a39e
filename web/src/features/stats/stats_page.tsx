// Statistics: what was booked, what came of it, what was paid and how long people waited, over a time that is in the
// address. For a hospital's administrator of the own hospital, for the platform's of one or all.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { get } from '../../api/client';
import type { Stats, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, dateIn, dateText, moneyText, zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import adminClasses from '../admin/admin.module.css';
import { AdminFrame } from '../admin/admin_frame';
import { HospitalSelect } from '../admin/hospital_select';
import { Chart } from './chart';
import { averageOf, departmentsByName, rangeFault, type Span, spans } from './chart_rules';
import { NoShowCharts } from './no_shows';
import classes from './stats.module.css';

const route = getRouteApi('/admin/stats');

export function StatsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.stats')}>{(user) => <Statistics user={user} />}</AdminFrame>;
}

function Statistics({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { h, days, from, to } = route.useSearch();
  const hospital = user.hospital_id ?? h;
  const today = dateIn(zoneHere(), Date.now());
  const span: Span = days ?? 30;
  const range =
    from && to ? { from_on: from, to_on: to } : days ? { from_on: addDays(today, 1 - span), to_on: today } : {};
  const fault = from && to ? rangeFault(from, to) : undefined;
  const query = useQuery({
    queryKey: ['admin', 'stats', hospital, range.from_on, range.to_on],
    queryFn: ({ signal }) => get<Stats>('/api/admin/stats', { hospital_id: hospital, ...range }, signal),
    enabled: fault === undefined,
    staleTime: 60_000,
    placeholderData: (old) => old,
  });
  const stats = query.data;
  return (
    <>
      <div className={adminClasses.head}>
        <PageTitle>{t('admin.stats')}</PageTitle>
        <Button variant="default" onClick={() => window.print()}>
          {t('stats.print')}
        </Button>
      </div>
      {user.hospital_id === undefined && (
        <HospitalSelect
          optional
          value={h}
          label={h === undefined ? t('stats.any_hospital') : undefined}
          onChange={(id) => navigate({ search: (old) => ({ ...old, h: id }), replace: true, resetScroll: false })}
        />
      )}
      <Picker span={from && to ? undefined : span} shown={stats} />
      {fault && <p role="alert">{t(`stats.fault_${fault}`)}</p>}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && fault === undefined && <Loading lines={4} height={120} />}
      {stats && fault === undefined && <Figures stats={stats} />}
    </>
  );
}

function Picker({ span, shown }: { span?: Span; shown?: Stats }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { from = shown?.from_on ?? '', to = shown?.to_on ?? '' } = route.useSearch();
  const between = (range: { from: string; to: string }) =>
    navigate({ search: (old) => ({ h: old.h, ...range }), replace: true, resetScroll: false });
  return (
    <div className={`${classes.picker} no-print`}>
      <Select
        label={t('stats.span')}
        value={span ?? ''}
        onChange={(e) => {
          const days = spans.find((one) => one === Number(e.currentTarget.value));
          if (days) navigate({ search: (old) => ({ h: old.h, days }), replace: true, resetScroll: false });
        }}
      >
        {span === undefined && <option value="">{t('stats.span_own')}</option>}
        {spans.map((one) => (
          <option key={one} value={one}>
            {t('stats.span_days', { count: one })}
          </option>
        ))}
      </Select>
      <TextInput
        type="date"
        label={t('stats.from')}
        value={from}
        onChange={(e) => e.currentTarget.value && between({ from: e.currentTarget.value, to })}
      />
      <TextInput
        type="date"
        label={t('stats.to')}
        value={to}
        onChange={(e) => e.currentTarget.value && between({ from, to: e.currentTarget.value })}
      />
    </div>
  );
}

function Figures({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { totals } = stats;
  const day = (on: string) => dateText(on, locale, { day: 'numeric', month: 'short', year: 'numeric' });
  return (
    <>
      <p className="muted">
        {t('stats.range', { from: day(stats.from_on), to: day(stats.to_on), zone: stats.time_zone })}
      </p>
      <Tiles stats={stats} />
      {totals.appointments === 0 && totals.revenue.length === 0 ? (
        <EmptyState title={t('stats.none')}>{t('stats.none_hint')}</EmptyState>
      ) : (
        <Charts stats={stats} />
      )}
      <NoShowCharts hospital={stats.hospital_id} from={stats.from_on} to={stats.to_on} />
    </>
  );
}

function Tiles({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { totals, waiting } = stats;
  const number = (value: number) => value.toLocaleString(locale);
  const share = (totals.no_show_per_mille / 1000).toLocaleString(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  const tiles: [string, string][] = [
    [t('stats.appointments'), number(totals.appointments)],
    [t('stats.fulfilled'), number(totals.fulfilled)],
    [t('stats.cancelled'), number(totals.cancelled)],
    [t('stats.no_shows'), `${number(totals.no_shows)} · ${share}`],
    ...totals.revenue.map((one): [string, string] => [
      t('stats.paid', { currency: one.currency }),
      moneyText({ amount_minor: one.paid_minor - one.refunded_minor, currency: one.currency }, locale),
    ]),
    ...(waiting.p50_minutes === undefined
      ? []
      : [[t('stats.wait_half'), t('stats.minutes', { count: waiting.p50_minutes })] as [string, string]]),
    ...(waiting.p90_minutes === undefined
      ? []
      : [[t('stats.wait_most'), t('stats.minutes', { count: waiting.p90_minutes })] as [string, string]]),
    ...(stats.hospital_id === undefined ? [[t('stats.hospitals'), number(totals.hospitals)] as [string, string]] : []),
    [t('stats.doctors'), number(totals.doctors)],
    [t('stats.patients'), number(totals.patients)],
    [t('stats.waits'), number(totals.waits)],
  ];
  return (
    <ul className={classes.tiles}>
      {tiles.map(([name, value]) => (
        <li key={name} className={`card ${classes.tile}`}>
          <span className="muted">{name}</span>
          <strong className="numbers">{value}</strong>
        </li>
      ))}
    </ul>
  );
}

function Charts({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { periods, hours, waiting } = stats;
  const departments = departmentsByName(stats.departments);
  const labels = periods.map(({ from_on }) =>
    stats.by === 'month'
      ? dateText(from_on, locale, { month: 'short', year: '2-digit' })
      : dateText(from_on, locale, { day: 'numeric', month: 'short' }),
  );
  const over = t(`stats.by_${stats.by}`);
  const file = (name: string) => `${name}-${stats.from_on}-${stats.to_on}`;
  const all = (of: (period: Stats['periods'][number]) => number) => periods.map(of);
  const minutes = (value: number) => t('stats.minutes', { count: value });
  const currencies = [...new Set(periods.flatMap((one) => one.revenue.map((money) => money.currency)))];
  return (
    <div className={classes.charts}>
      <Chart
        title={t('stats.chart_appointments')}
        over={over}
        labels={labels}
        file={file('appointments')}
        series={[
          { name: t('stats.fulfilled'), look: 'main', values: all((p) => p.fulfilled) },
          {
            name: t('stats.open'),
            look: 'second',
            values: all((p) => Math.max(0, p.appointments - p.fulfilled - p.cancelled - p.no_shows)),
          },
          { name: t('stats.no_shows'), look: 'warn', values: all((p) => p.no_shows) },
          { name: t('stats.cancelled'), look: 'quiet', values: all((p) => p.cancelled) },
        ]}
      />
      {currencies.map((currency) => (
        <Chart
          key={currency}
          title={t('stats.chart_revenue', { currency })}
          over={over}
          labels={labels}
          file={file(`revenue-${currency}`)}
          format={(value) => moneyText({ amount_minor: Math.round(value), currency }, locale)}
          series={[
            {
              name: t('stats.paid_name'),
              look: 'main',
              values: all((p) => {
                const money = p.revenue.find((one) => one.currency === currency);
                return money ? money.paid_minor - money.refunded_minor : 0;
              }),
            },
          ]}
        />
      ))}
      <Chart
        title={t('stats.chart_no_shows')}
        over={over}
        labels={labels}
        file={file('no-shows')}
        series={[{ name: t('stats.no_shows'), look: 'warn', values: all((p) => p.no_shows) }]}
      />
      <Chart
        title={t('stats.chart_waiting')}
        over={over}
        labels={labels}
        file={file('waiting')}
        format={minutes}
        series={[
          {
            name: t('stats.wait_average'),
            look: 'second',
            values: all((p) => averageOf(p.waiting_minutes_sum, p.waiting_measured)),
          },
        ]}
      />
      <Chart
        title={t('stats.chart_hours')}
        over={t('stats.hour')}
        labels={hours.map(({ hour }) => hour.toLocaleString(locale, { minimumIntegerDigits: 2 }))}
        file={file('hours')}
        series={[{ name: t('stats.appointments'), look: 'main', values: hours.map((one) => one.appointments) }]}
      />
      <Chart
        title={t('stats.chart_buckets')}
        over={t('stats.waited')}
        labels={waiting.buckets.map(({ up_to_minutes }) =>
          up_to_minutes === undefined ? t('stats.longer') : t('stats.up_to', { count: up_to_minutes }),
        )}
        file={file('waiting-times')}
        series={[{ name: t('stats.visits'), look: 'second', values: waiting.buckets.map((one) => one.visits) }]}
      />
      {departments.length > 0 && (
        <Chart
          title={t('stats.chart_departments')}
          over={t('stats.department')}
          labels={departments.map((one) => one.name)}
          file={file('departments')}
          series={[
            {
              name: t('stats.came'),
              look: 'main',
              values: departments.map((one) => Math.max(0, one.appointments - one.no_shows)),
            },
            { name: t('stats.no_shows'), look: 'warn', values: departments.map((one) => one.no_shows) },
          ]}
        />
      )}
    </div>
  );
}
