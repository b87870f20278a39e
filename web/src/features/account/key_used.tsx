// How much an API key was used: today against its quota, and by day.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { ApiKey, KeyUsage, Page } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import classes from './account.module.css';

const days = 14;

/** The days that end today, oldest first, with what was called on each. */
function usageDays(items: KeyUsage[], now: number) {
  return Array.from({ length: days }, (_, i) => {
    const on = new Date(now - (days - 1 - i) * 86_400_000).toISOString().slice(0, 10);
    return items.find((one) => one.used_on === on) ?? { used_on: on, calls: 0, refused: 0 };
  });
}

export function KeyUsed({ apiKey }: { apiKey: Pick<ApiKey, 'id' | 'name' | 'per_day' | 'per_minute'> }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data } = useQuery({
    queryKey: ['me', 'keys', apiKey.id, 'usage'],
    queryFn: ({ signal }) => get<Page<KeyUsage>>(`/api/me/keys/${apiKey.id}/usage`, undefined, signal),
    staleTime: 10_000,
  });
  const number = (n: number) => n.toLocaleString(locale);
  const day = (on: string) =>
    new Date(`${on}T00:00Z`).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const shown = usageDays(data?.items ?? [], Date.now());
  const most = Math.max(1, ...shown.map((one) => one.calls + one.refused));
  const today = shown[days - 1]?.calls ?? 0;
  const used = shown.filter((one) => one.calls + one.refused > 0).reverse();
  return (
    <div className={classes.usage}>
      <label className={classes.meter}>
        <span>{t('api_key.today', { calls: number(today), quota: number(apiKey.per_day) })}</span>
        <meter min={0} max={apiKey.per_day} high={apiKey.per_day * 0.8} value={Math.min(today, apiKey.per_day)} />
      </label>
      {used.length > 0 && (
        <>
          <div className={classes.bars} aria-hidden="true">
            {shown.map((one) => (
              <span
                key={one.used_on}
                title={t('api_key.bar', {
                  on: day(one.used_on),
                  calls: number(one.calls),
                  refused: number(one.refused),
                })}
              >
                <i data-kind="refused" style={{ height: `${(one.refused / most) * 100}%` }} />
                <i data-kind="calls" style={{ height: `${(one.calls / most) * 100}%` }} />
              </span>
            ))}
          </div>
          <details className={classes.days}>
            <summary>{t('api_key.by_day', { count: days })}</summary>
            <div className={classes.scroll}>
              <table className={classes.choices}>
                <caption className="hidden">{t('api_key.by_day_of', { name: apiKey.name })}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('api_key.day')}</th>
                    <th scope="col">{t('api_key.calls')}</th>
                    <th scope="col">{t('api_key.refused')}</th>
                  </tr>
                </thead>
                <tbody>
                  {used.map((one) => (
                    <tr key={one.used_on}>
                      <th scope="row">{day(one.used_on)}</th>
                      <td className="numbers">{number(one.calls)}</td>
                      <td className="numbers">{number(one.refused)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
      <div className="muted">{t('api_key.quota', { minute: number(apiKey.per_minute) })}</div>
    </div>
  );
}
