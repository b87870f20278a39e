// Records that doctors opened in an emergency: the hospital says of each, once, whether it was right.
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { request } from '../../api/client';
import type { EmergencyAccess, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Checkbox, Textarea } from '../../ui/fields';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import { useAction } from '../account/use_action';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { HospitalSelect } from './hospital_select';
import { listKey, MoreList } from './more_list';

const route = getRouteApi('/admin/emergencies');

export function EmergenciesPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.emergencies')}>{(user) => <Emergencies user={user} />}</AdminFrame>;
}

function Emergencies({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { h, open } = route.useSearch();
  const hospital = user.hospital_id ?? h;
  const [said, setSaid] = useState('');
  return (
    <>
      <PageTitle>{t('admin.emergencies')}</PageTitle>
      <p className="muted">{t('emergency.text')}</p>
      {user.hospital_id === undefined && (
        <HospitalSelect
          value={h}
          onChange={(id) => navigate({ search: (old) => ({ ...old, h: id }), replace: true })}
        />
      )}
      {hospital !== undefined && (
        <Checkbox
          label={t('emergency.only_open')}
          checked={open === true}
          onChange={(e) => {
            const isOn = e.currentTarget.checked || undefined;
            navigate({ search: (old) => ({ ...old, open: isOn }), replace: true });
          }}
        />
      )}
      <p role="status" className={said ? 'saved' : 'hidden'}>
        {said}
      </p>
      <MoreList<EmergencyAccess>
        name="emergencies"
        path="/api/emergency-accesses"
        query={{ hospital_id: hospital, unreviewed: open, limit: 20 }}
        enabled={hospital !== undefined}
        empty={t(open ? 'emergency.none_open' : 'emergency.none')}
        keyOf={(one) => one.id}
      >
        {(one) => <AccessLine access={one} onSaid={setSaid} />}
      </MoreList>
    </>
  );
}

function AccessLine({ access: one, onSaid }: { access: EmergencyAccess; onSaid: (words: string) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const action = useAction();
  const [verdict, setVerdict] = useState<boolean>();
  const [note, setNote] = useState('');
  const at = momentText(one.granted_at, locale);
  const review = async () => {
    const body = { justified: verdict, note: note.trim() || undefined };
    const isDone = await action.act(async () => {
      await request('PUT', `/api/emergency-accesses/${one.id}/review`, { body });
    });
    if (!isDone) return;
    setVerdict(undefined);
    onSaid(t('emergency.reviewed', { name: one.doctor_name }));
    await client.invalidateQueries({ queryKey: listKey('emergencies') });
  };
  const whose = (
    <span className="hidden">
      : {one.doctor_name}, {one.patient_name}
    </span>
  );
  return (
    <div className={classes.review} data-emergency={one.id}>
      <div>
        <strong>{t('emergency.of', { doctor: one.doctor_name, patient: one.patient_name })}</strong>
        <p dir="auto" className={classes.quote}>
          {one.reason}
        </p>
        <div className="muted">{at}</div>
        {one.reviewed_at && one.review_note && <p dir="auto">{t('emergency.note', { note: one.review_note })}</p>}
      </div>
      {one.reviewed_at ? (
        <span className={classes.status} data-status={one.justified ? 'active' : 'pending'}>
          {t(one.justified ? 'emergency.was_right' : 'emergency.was_wrong')}
        </span>
      ) : (
        <div className={classes.approve}>
          <Button compact variant="default" onClick={() => setVerdict(true)}>
            {t('emergency.right')}
            {whose}
          </Button>
          <Button compact variant="default" color="danger" onClick={() => setVerdict(false)}>
            {t('emergency.wrong')}
            {whose}
          </Button>
        </div>
      )}
      <Dialog
        open={verdict !== undefined}
        title={t(verdict ? 'emergency.right_title' : 'emergency.wrong_title')}
        onClose={() => setVerdict(undefined)}
      >
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!action.pending) review();
          }}
        >
          <p>{t('emergency.once')}</p>
          <Textarea
            label={t('emergency.note_label')}
            maxLength={500}
            rows={3}
            required={verdict === false}
            value={note}
            error={action.fields.note}
            onChange={(e) => setNote(e.currentTarget.value)}
          />
          {action.error !== undefined && <ErrorState error={action.error} />}
          <div className="row">
            <Button type="submit" color={verdict ? 'brand' : 'danger'} loading={action.pending}>
              {t(verdict ? 'emergency.right' : 'emergency.wrong')}
            </Button>
            <Button variant="default" onClick={() => setVerdict(undefined)}>
              {t('admin.keep')}
            </Button>
          </div>
        </form>
      </Dialog>
    </div>
  );
}
