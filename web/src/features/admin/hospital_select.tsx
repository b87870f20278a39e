// One hospital out of many: typed, found, chosen. For those who are not bound to one.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import type { Hospital, Page } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { ErrorState } from '../../ui/states';
import { useHospital } from '../hospital/use_hospital';
import classes from './admin.module.css';

interface HospitalSelectProps {
  value?: number;
  onChange: (id: number | undefined, hospital?: Hospital) => void;
  label?: string;
  /** Nothing need be chosen: hospitals are listed when something is typed. */
  optional?: boolean;
}

export function HospitalSelect({ value, onChange, label, optional }: HospitalSelectProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const chosen = useHospital(value);
  const isListed = value === undefined && (!optional || typed.trim() !== '');
  const query = useQuery({
    queryKey: ['directory', 'hospitals', 'pick', typed.trim()],
    queryFn: ({ signal }) => get<Page<Hospital>>('/api/hospitals', { keyword: typed.trim(), limit: 8 }, signal),
    enabled: isListed,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const shown = isListed ? query.data?.items : undefined;
  if (value !== undefined)
    return (
      <div className="row">
        <span>
          <span className="muted">{label ?? t('admin.hospital')}</span> <strong>{chosen.data?.name ?? value}</strong>
        </span>
        <Button compact variant="subtle" onClick={() => onChange(undefined)}>
          {t('login.change')}
        </Button>
      </div>
    );
  return (
    <div className="stack">
      <TextInput
        type="search"
        label={label ?? t('admin.choose_hospital')}
        autoComplete="off"
        value={typed}
        onChange={(e) => setTyped(e.currentTarget.value)}
      />
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <p role="status" className="hidden">
        {isListed && query.data ? t('admin.found', { count: query.data.items.length }) : ''}
      </p>
      <ul className={classes.list}>
        {shown?.map((h) => (
          <li key={h.id}>
            <Button variant="default" fullWidth onClick={() => onChange(h.id, h)}>
              <strong>{h.name}</strong> <span className="muted">{h.city_name}</span>
            </Button>
          </li>
        ))}
        {shown?.length === 0 && <li className="muted">{t('admin.none')}</li>}
      </ul>
    </div>
  );
}
