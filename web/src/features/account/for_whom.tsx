// For whom a patient books or waits: oneself, or one of the family. Absent for who acts for nobody.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { FamilyMember, Page } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { useSession } from '../../app/session';
import { Select } from '../../ui/fields';

export const familyKey = ['me', 'family'];

export function useFamily() {
  const { user } = useSession();
  const query = useQuery({
    queryKey: familyKey,
    queryFn: ({ signal }) => get<Page<FamilyMember>>('/api/me/family', undefined, signal),
    enabled: user?.role === 'patient',
    staleTime: 60_000,
  });
  return user?.role === 'patient' ? (query.data?.items ?? []) : [];
}

interface ForWhomProps {
  family: FamilyMember[];
  value: number | undefined;
  onChange: (patient: number | undefined) => void;
}
export function ForWhom({ family, value, onChange }: ForWhomProps) {
  const { t } = useTranslation();
  if (family.length === 0) return null;
  return (
    <Select
      label={t('account.for_whom')}
      value={value ?? ''}
      onChange={(e) => onChange(Number(e.currentTarget.value) || undefined)}
    >
      <option value="">{t('account.for_me')}</option>
      {family.map((member) => (
        <option key={member.id} value={member.id}>
          {member.name}
        </option>
      ))}
    </Select>
  );
}
