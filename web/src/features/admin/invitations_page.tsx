// Invitations: who was asked to join by a link, and has not yet; asked anew, or withdrawn.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Intent, request } from '../../api/client';
import type { Invitation, Role, User } from '../../api/types';
import { languages, useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Select, TextInput } from '../../ui/fields';
import { Form, useTexts } from '../../ui/form';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import { useAction } from '../account/use_action';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { HospitalSelect } from './hospital_select';
import { listKey, MoreList } from './more_list';
import { DoctorOf, staffFor } from './users_page';

export function InvitationsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('invite.title')}>{(user) => <Invitations me={user} />}</AdminFrame>;
}

function Invitations({ me }: { me: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const changed = async (words: string) => {
    setSaid(words);
    await client.invalidateQueries({ queryKey: listKey('invitations') });
  };
  return (
    <>
      <div className={classes.head}>
        <PageTitle>{t('invite.title')}</PageTitle>
        <LinkButton to="/admin/users" variant="default">
          {t('admin.users')}
        </LinkButton>
      </div>
      <p role="status" className={said ? 'saved' : 'hidden'}>
        {said}
      </p>
      <Invite me={me} onMade={(name) => changed(t('invite.made', { name }))} />
      <h2>{t('invite.open')}</h2>
      <MoreList<Invitation>
        name="invitations"
        path="/api/users/invitations"
        query={{ limit: 30 }}
        empty={t('invite.none')}
        emptyHint={t('invite.none_hint')}
        keyOf={(one) => one.id}
      >
        {(one) => <InvitationLine invitation={one} onGone={() => changed(t('invite.withdrawn', { name: one.name }))} />}
      </MoreList>
    </>
  );
}

function InvitationLine({ invitation: one, onGone }: { invitation: Invitation; onGone: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const action = useAction();
  const [asking, setAsking] = useState(false);
  const until = momentText(one.expires_at, locale);
  const withdraw = async () => {
    setAsking(false);
    const isDone = await action.act(async () => {
      await request('DELETE', `/api/users/invitations/${one.id}`);
    });
    if (isDone) onGone();
  };
  return (
    <>
      <div>
        <strong>{one.name}</strong>
        <div className="muted">
          {t(`role.${one.role}`)} · {one.login} · {t('invite.until', { at: until })}
        </div>
      </div>
      <Button compact variant="default" color="danger" loading={action.pending} onClick={() => setAsking(true)}>
        {t('invite.withdraw')}
        <span className="hidden">: {one.name}</span>
      </Button>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <Dialog open={asking} title={t('invite.withdraw_title', { name: one.name })} onClose={() => setAsking(false)}>
        <p>{t('invite.withdraw_text')}</p>
        <div className="row">
          <Button color="danger" onClick={withdraw}>
            {t('invite.withdraw')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('admin.keep')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

const blank = { name: '', login: '', language: 'en' };

function Invite({ me, onMade }: { me: User; onMade: (name: string) => void }) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const action = useAction();
  const texts = useTexts(blank);
  const [role, setRole] = useState<Role>('front_desk');
  const [hospital, setHospital] = useState(me.hospital_id);
  const [doctor, setDoctor] = useState<number>();
  const isBound = role !== 'platform_admin';
  const invite = async () => {
    const { name, login, language } = texts.values;
    const body = {
      role,
      name: name.trim(),
      login: login.trim(),
      language,
      hospital_id: isBound ? hospital : undefined,
      doctor_id: role === 'doctor' ? doctor : undefined,
    };
    const isDone = await action.act(async () => {
      await intent.current.post<Invitation>('/api/users/invitations', body);
    });
    if (!isDone) return;
    texts.reset(blank);
    onMade(body.name);
  };
  const { fields } = action;
  return (
    <Form label={t('invite.new')} fields={fields} className="card stack" onSubmit={() => !action.pending && invite()}>
      <h2>{t('invite.new')}</h2>
      <p className="muted">{t('invite.text')}</p>
      <div className={classes.fields}>
        <Select
          label={t('admin.user_role')}
          value={role}
          error={fields.role}
          onChange={(e) => setRole(staffFor[me.role]?.find((r) => r === e.currentTarget.value) ?? 'front_desk')}
        >
          {staffFor[me.role]?.map((r) => (
            <option key={r} value={r}>
              {t(`role.${r}`)}
            </option>
          ))}
        </Select>
        <TextInput
          {...texts.field('name')}
          label={t('desk.name')}
          required
          maxLength={200}
          autoComplete="off"
          error={fields.name}
        />
        <TextInput
          {...texts.field('login')}
          label={t('invite.address')}
          required
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={fields.login}
        />
        <Select {...texts.field('language')} label={t('invite.language')} error={fields.language}>
          {languages.map((l) => (
            <option key={l.code} value={l.code} lang={l.code}>
              {l.name}
            </option>
          ))}
        </Select>
        {role === 'doctor' && <DoctorOf hospitalId={hospital} value={doctor} onChange={setDoctor} />}
      </div>
      {isBound && me.hospital_id === undefined && <HospitalSelect value={hospital} onChange={setHospital} />}
      {(fields.hospital_id || fields.doctor_id) && <p role="alert">{fields.hospital_id ?? fields.doctor_id}</p>}
      {action.error !== undefined && <ErrorState error={action.error} />}
      <div>
        <Button type="submit" loading={action.pending}>
          {t('invite.send')}
        </Button>
      </div>
    </Form>
  );
}
