// Why was this denied? A person and an operation, and the line of the rights table that decides.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import type { Account, AuditRule, AuditRules, Page } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Select } from '../../ui/fields';
import { FindForm } from '../../ui/find_form';
import { ErrorState, Loading } from '../../ui/states';
import classes from './admin.module.css';

export function AuditWhy() {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [user, setUser] = useState<number>();
  const found = useQuery({
    queryKey: ['admin', 'audit-people', words],
    queryFn: ({ signal }) => get<Page<Account>>('/api/users', { q: words, limit: 10 }, signal),
    enabled: words.length > 1,
  });
  const people = found.data?.items ?? [];
  const chosen = people.some(({ id }) => id === user) ? user : people[0]?.id;
  return (
    <section className="card stack" aria-labelledby="audit-why">
      <h2 id="audit-why" className={classes.whyTitle}>
        {t('audit.why')}
      </h2>
      <p className="muted">{t('audit.why_text')}</p>
      <FindForm className={classes.find} label={t('audit.why_who')} minLength={2} onFind={setWords} />
      {found.isError && <ErrorState error={found.error} onRetry={() => found.refetch()} />}
      {found.isFetching && <Loading lines={1} height={40} />}
      <p role="status" className={words && found.data && people.length === 0 ? '' : 'hidden'}>
        {words && found.data && people.length === 0 ? t('audit.why_nobody') : ''}
      </p>
      {people.length > 0 && (
        <Select label={t('audit.why_person')} value={chosen} onChange={(e) => setUser(Number(e.currentTarget.value))}>
          {people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name} · {t(`role.${person.role}`)} · {person.id}
            </option>
          ))}
        </Select>
      )}
      {chosen !== undefined && people.length > 0 && <RuleChoice key={chosen} user={chosen} />}
    </section>
  );
}

function RuleChoice({ user }: { user: number }) {
  const { t } = useTranslation();
  const [operation, setOperation] = useState('');
  const rules = useQuery({
    queryKey: ['admin', 'audit-rules', user],
    queryFn: ({ signal }) => get<AuditRules>('/api/audit/rules', { user_id: user }, signal),
    staleTime: 0,
  });
  if (rules.isPending) return <Loading lines={1} height={40} />;
  if (rules.isError) return <ErrorState error={rules.error} onRetry={() => rules.refetch()} />;
  const rule = rules.data.items.find((item) => item.operation === operation);
  return (
    <>
      <Select label={t('audit.why_operation')} value={operation} onChange={(e) => setOperation(e.currentTarget.value)}>
        <option value="">{t('audit.why_choose')}</option>
        {rules.data.items.map((item) => (
          <option key={item.operation} value={item.operation}>
            {item.operation} ({item.method} {item.path})
          </option>
        ))}
      </Select>
      <div role="status">{rule && <RuleAnswer rule={rule} role={rules.data.role} />}</div>
    </>
  );
}

function RuleAnswer({ rule, role }: { rule: AuditRule; role: string }) {
  const { t } = useTranslation();
  const roleWords = t(`role.${role}`);
  return (
    <div className="stack">
      <p>
        <strong data-allowed={rule.is_allowed}>{t(`audit.reason_${rule.reason}`, { role: roleWords })}</strong>
        {rule.scope !== 'none' && <> {t(`audit.scope_${rule.scope}`)}</>}
        {rule.adds_only && <> {t('audit.adds_only')}</>}
      </p>
      <p className="muted">
        {t('audit.rule_roles', { roles: rule.roles.map((name) => t(`role.${name}`)).join(', ') })}
      </p>
      <code className={classes.reason} lang="en">
        {role} × {rule.operation} = {rule.scope}
      </code>
      {rule.is_allowed && rule.scope !== 'all' && <p className="muted">{t('audit.rule_more')}</p>}
    </div>
  );
}
