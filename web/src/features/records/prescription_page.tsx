// A prescription as it is handed out: for the screen and for paper.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { get } from '../../api/client';
import type { Prescription } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText, longDayText } from '../../app/time';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import classes from './records.module.css';

const route = getRouteApi('/prescriptions/$id');

export function PrescriptionPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const query = useQuery({
    queryKey: ['records', 'prescription', id],
    queryFn: ({ signal }) => get<Prescription>(`/api/prescriptions/${id}`, undefined, signal),
  });
  if (!query.data)
    return (
      <div className="narrow stack">
        <PageTitle>{t('rx.title')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />}
      </div>
    );
  return <Sheet prescription={query.data} />;
}

function Sheet({ prescription }: { prescription: Prescription }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { patient } = prescription;
  return (
    <div className="narrow stack">
      <div className={`no-print ${classes.head}`}>
        <PageTitle>{t('rx.title')}</PageTitle>
        <Button variant="default" onClick={() => window.print()}>
          {t('rx.print')}
        </Button>
      </div>
      {prescription.superseded_by !== undefined && <Notice kind="warn" role="status" title={t('rx.superseded')} />}
      <article className={`card ${classes.sheet}`}>
        <header>
          <div>
            <strong>{prescription.doctor_name}</strong>
            <div>{prescription.hospital_name}</div>
          </div>
          <div>{longDayText(prescription.time_zone, prescription.issued_at, locale)}</div>
        </header>
        {patient && (
          <p>
            <strong>{patient.name}</strong>
            {patient.birth_on &&
              ` · ${t('rx.born', { date: dateText(patient.birth_on, locale, { dateStyle: 'medium' }) })}`}
            {patient.sex && ` · ${t(`treatment.sex_${patient.sex}`)}`}
          </p>
        )}
        <p className={classes.rx} aria-hidden="true">
          ℞
        </p>
        {prescription.items.length === 0 && <p>{t('rx.withdrawn')}</p>}
        <ol className={classes.items}>
          {prescription.items.map((item) => (
            <li key={item.medicine}>
              <strong>{item.medicine}</strong>
              <div>
                {[
                  item.dose,
                  item.frequency,
                  item.duration_days && t('treatment.for_days', { count: item.duration_days }),
                  t('treatment.quantity', { count: item.quantity }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
              {item.instructions && <div>{item.instructions}</div>}
            </li>
          ))}
        </ol>
        {prescription.note && <p>{prescription.note}</p>}
        <footer>
          <span className="muted">{t('rx.number', { id: prescription.id })}</span>
          <span className={classes.signature}>{prescription.doctor_name}</span>
        </footer>
      </article>
    </div>
  );
}
