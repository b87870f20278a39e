// For whom the patient acts: children, parents, whoever has no login.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get, Intent, request } from '../../api/client';
import type { FamilyMember, Page } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Select, TextInput } from '../../ui/fields';
import { Form, useTexts } from '../../ui/form';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { familyKey } from './for_whom';
import { useAction } from './use_action';

const relations = ['child', 'parent', 'spouse', 'sibling', 'other'] as const;

export function Family() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: familyKey,
    queryFn: ({ signal }) => get<Page<FamilyMember>>('/api/me/family', undefined, signal),
    staleTime: 0,
  });
  const action = useAction();
  const [leaving, setLeaving] = useState<FamilyMember>();
  const end = async (member: FamilyMember) => {
    setLeaving(undefined);
    await action.act(async () => {
      await request('DELETE', `/api/me/family/${member.id}`);
      await client.invalidateQueries({ queryKey: familyKey });
    });
  };
  const items = query.data?.items ?? [];
  return (
    <section className="card stack" aria-labelledby="account-family">
      <h2 id="account-family">{t('account.family')}</h2>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && items.length === 0 && <EmptyState title={t('account.family_none')} />}
      <ul className={classes.list}>
        {items.map((member) => (
          <Member key={member.id} member={member} onEnd={() => setLeaving(member)} />
        ))}
      </ul>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <Dialog
        open={leaving !== undefined}
        title={t('account.family_end_title', { name: leaving?.name ?? '' })}
        onClose={() => setLeaving(undefined)}
      >
        <p>{t('account.family_end_text')}</p>
        <div className="row">
          <Button color="danger" onClick={() => leaving && end(leaving)}>
            {t('account.family_end')}
          </Button>
          <Button variant="default" onClick={() => setLeaving(undefined)}>
            {t('account.keep')}
          </Button>
        </div>
      </Dialog>
      <AddMember />
    </section>
  );
}

function Member({ member, onEnd }: { member: FamilyMember; onEnd: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <li className={classes.item}>
      <div>
        <strong>{member.name}</strong>
        <div className="muted">
          {t(`account.relation_${member.relation}`)}
          {member.birth_on && ` · ${t('account.born', { on: dateText(member.birth_on, locale) })}`}
        </div>
      </div>
      <Button
        variant="subtle"
        color="danger"
        onClick={onEnd}
        aria-label={t('account.family_end_of', { name: member.name })}
      >
        {t('account.family_end')}
      </Button>
    </li>
  );
}

function AddMember() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const action = useAction();
  const intent = useRef(new Intent());
  const blank = { name: '', relation: 'child', birth_on: '' };
  const form = useTexts(blank);
  const add = async () => {
    if (!form.values.name.trim()) return action.setFields({ name: t('login.name_missing') });
    const body = {
      name: form.values.name.trim(),
      relation: form.values.relation,
      birth_on: form.values.birth_on || undefined,
    };
    const isDone = await action.act(async () => {
      await intent.current.post<FamilyMember>('/api/me/family', body);
      await client.invalidateQueries({ queryKey: familyKey });
    });
    if (!isDone) return;
    intent.current = new Intent();
    form.reset(blank);
  };
  return (
    <Form label={t('account.family_add')} fields={action.fields} onSubmit={add}>
      <TextInput label={t('account.name')} {...form.field('name')} maxLength={200} error={action.fields.name} />
      <Select label={t('account.relation')} {...form.field('relation')}>
        {relations.map((relation) => (
          <option key={relation} value={relation}>
            {t(`account.relation_${relation}`)}
          </option>
        ))}
      </Select>
      <TextInput label={t('account.birth_on')} type="date" {...form.field('birth_on')} error={action.fields.birth_on} />
      {action.error !== undefined && <ErrorState error={action.error} />}
      <div>
        <Button type="submit" variant="default" loading={action.pending}>
          {t('account.family_add')}
        </Button>
      </div>
    </Form>
  );
}
