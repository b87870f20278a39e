// Whom the doctor treats: looked for by name, with the last and the next visit, each leading to the history.
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DoctorPatient } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, dateText, zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { FindForm } from '../../ui/find_form';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { MoreList } from '../admin/more_list';
import classes from './patients.module.css';
import { numberedPersonWords } from './person_words';

const route = getRouteApi('/doc/patients');

export function PatientsPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={['doctor']} title={t('patients.title')}>
      {() => <Patients />}
    </Guard>
  );
}

function Patients() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { q = '' } = route.useSearch();
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <div>
          <PageTitle>{t('patients.title')}</PageTitle>
          <p className="muted">{t('patients.text')}</p>
        </div>
        <div className="row">
          <LinkButton to="/doc/referrals" variant="default">
            {t('referrals.title')}
          </LinkButton>
          <LinkButton to="/me/exports" variant="default">
            {t('exports.title')}
          </LinkButton>
        </div>
      </div>
      <FindForm
        key={q}
        main
        className={classes.find}
        label={t('patients.find')}
        initial={q}
        onFind={(words) => navigate({ search: { q: words || undefined }, replace: true })}
      />
      <MoreList<DoctorPatient>
        name="doctor-patients"
        path="/api/doctor/patients"
        query={{ q, limit: 30 }}
        empty={t(q ? 'patients.none_found' : 'patients.none')}
        emptyHint={t(q ? 'patients.none_found_hint' : 'patients.none_hint')}
        keyOf={(one) => one.id}
      >
        {(one) => <PatientLine patient={one} />}
      </MoreList>
      <Foreign />
    </div>
  );
}

function PatientLine({ patient }: { patient: DoctorPatient }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const on = (at: string) =>
    dateText(dateIn(zoneHere(), at), locale, { day: 'numeric', month: 'short', year: 'numeric' });
  return (
    <>
      <div>
        <Link to="/doc/patients/$id" params={{ id: String(patient.id) }} className={classes.name}>
          {patient.name}
        </Link>
        <div className="muted">{numberedPersonWords(t, patient)}</div>
      </div>
      <dl className={classes.visits}>
        <div>
          <dt>{t('patients.last')}</dt>
          <dd className="numbers">{patient.last_visit_at ? on(patient.last_visit_at) : '–'}</dd>
        </div>
        <div>
          <dt>{t('patients.next')}</dt>
          <dd className="numbers">{patient.next_visit_at ? on(patient.next_visit_at) : '–'}</dd>
        </div>
      </dl>
    </>
  );
}

/** Somebody whom the doctor does not treat, by the number on the pass. */
function Foreign() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [number, setNumber] = useState('');
  const [isWrong, setWrong] = useState(false);
  const open = () => {
    const id = Number(number.replace(/\D/g, ''));
    setWrong(id < 1 || !Number.isSafeInteger(id));
    if (id >= 1 && Number.isSafeInteger(id)) navigate({ to: '/doc/patients/$id', params: { id: String(id) } });
  };
  return (
    <section className="card stack" aria-labelledby="foreign">
      <h2 id="foreign" className={classes.subtitle}>
        {t('patients.foreign')}
      </h2>
      <p className="muted">{t('patients.foreign_text')}</p>
      <form
        className={classes.find}
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <TextInput
          label={t('patients.foreign_number')}
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          value={number}
          error={isWrong ? t('patients.foreign_missing') : undefined}
          onChange={(e) => setNumber(e.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('patients.foreign_open')}
        </Button>
      </form>
    </section>
  );
}
