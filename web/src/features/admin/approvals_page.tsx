// Who waits to be let in: people who signed up as more than patients, doctors whose entry is not open yet, and hospitals
// that asked to be listed.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Account, RosterDoctor, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { Applications } from './applications';
import { DoctorLine } from './doctors_page';
import { MoreList } from './more_list';
import { UserLine } from './users_page';

export function ApprovalsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('approval.title')}>{(user) => <Approvals me={user} />}</AdminFrame>;
}

function Approvals({ me }: { me: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const changed = (words: string) => {
    setSaid(words);
    client.invalidateQueries({ queryKey: ['admin'] });
  };
  return (
    <>
      <div className={classes.head}>
        <PageTitle>{t('approval.title')}</PageTitle>
        <LinkButton to="/admin/users" variant="default">
          {t('admin.users')}
        </LinkButton>
      </div>
      <p role="status" className={said ? 'saved' : 'hidden'}>
        {said}
      </p>
      <section className="stack" aria-labelledby="approval-people">
        <h2 id="approval-people">{t('approval.people')}</h2>
        <MoreList<Account>
          name="users"
          path="/api/users"
          query={{ status: 'pending', limit: 30 }}
          empty={t('admin.users_none_pending')}
          keyOf={(one) => one.id}
        >
          {(one) => <UserLine user={one} me={me} mayManage onChanged={changed} />}
        </MoreList>
      </section>
      <PendingDoctors user={me} onOpened={(name) => changed(t('admin.brought_back', { name }))} />
      {me.role === 'platform_admin' && <Applications onDecided={changed} />}
    </>
  );
}

function PendingDoctors({ user, onOpened }: { user: User; onOpened: (name: string) => void }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-labelledby="approval-doctors">
      <h2 id="approval-doctors">{t('approval.doctors')}</h2>
      <MoreList<RosterDoctor>
        name="doctors"
        path="/api/admin/doctors"
        query={{ hospital_id: user.hospital_id, status: 'pending', limit: 20 }}
        empty={t('approval.no_doctors')}
        keyOf={(one) => one.id}
      >
        {(one) => <DoctorLine doctor={one} user={user} hospital={user.hospital_id} onBack={() => onOpened(one.name)} />}
      </MoreList>
    </section>
  );
}
