// Where a doctor practises, in which department and for what fee.
import { useState } from 'react';
import type { User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import { useHospital } from '../hospital/use_hospital';
import classes from './admin.module.css';
import type { Row } from './doctor_texts';
import { useDepartments } from './hospital_page';
import { HospitalSelect } from './hospital_select';

interface PracticeRowsProps {
  rows: Row[];
  onRows: (rows: Row[]) => void;
  user: User;
  fields: Record<string, string>;
}

export function PracticeRows({ rows, onRows, user, fields }: PracticeRowsProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const isPlatform = user.hospital_id === undefined;
  const mayAdd = isPlatform || rows.length === 0;
  const add = (hospital_id: number, hospital_name?: string) => {
    if (!rows.some((r) => r.hospital_id === hospital_id))
      onRows([...rows, { hospital_id, hospital_name, fee: '', currency: rows[0]?.currency ?? 'INR' }]);
    setAdding(false);
  };
  return (
    <div className="stack">
      <h2>{t('doctor.practices')}</h2>
      {fields.practices && <p role="alert">{fields.practices}</p>}
      {rows.map((row, index) => (
        <PracticeRow
          key={row.hospital_id}
          row={row}
          index={index}
          fields={fields}
          onChange={(change) => onRows(rows.map((r) => (r === row ? { ...r, ...change } : r)))}
          onRemove={() => onRows(rows.filter((r) => r !== row))}
        />
      ))}
      {rows.length === 0 && <p className="muted">{t('admin.practices_none')}</p>}
      {mayAdd && !adding && (
        <div>
          <Button
            variant="default"
            onClick={() => (user.hospital_id === undefined ? setAdding(true) : add(user.hospital_id))}
          >
            {t('admin.practice_add')}
          </Button>
        </div>
      )}
      {adding && <HospitalSelect onChange={(id, hospital) => id !== undefined && add(id, hospital?.name)} />}
    </div>
  );
}

interface PracticeRowProps {
  row: Row;
  index: number;
  fields: Record<string, string>;
  onChange: (change: Partial<Row>) => void;
  onRemove: () => void;
}

function PracticeRow({ row, index, fields, onChange, onRemove }: PracticeRowProps) {
  const { t } = useTranslation();
  const hospital = useHospital(row.hospital_name ? undefined : row.hospital_id).data;
  const departments = useDepartments(row.hospital_id);
  const name = row.hospital_name ?? hospital?.name ?? String(row.hospital_id);
  const at = `practices/${index}`;
  return (
    <fieldset className={classes.practice}>
      <legend>{name}</legend>
      {fields[`${at}/hospital_id`] && <p role="alert">{fields[`${at}/hospital_id`]}</p>}
      <div className={classes.fields}>
        <TextInput
          type="number"
          min={0}
          step="any"
          required
          label={t('admin.field_fee', { currency: row.currency })}
          value={row.fee}
          onChange={(e) => onChange({ fee: e.currentTarget.value })}
          error={fields[`${at}/fee`] ?? fields[`${at}/fee/amount_minor`]}
        />
        <Select
          label={t('admin.field_department')}
          value={row.department_id ?? ''}
          onChange={(e) => onChange({ department_id: Number(e.currentTarget.value) || undefined })}
          error={fields[`${at}/department_id`]}
        >
          <option value="">{t('admin.department_no')}</option>
          {departments.data?.items.map((d) => (
            <option key={d.id} value={d.id}>
              {d.name}
            </option>
          ))}
        </Select>
      </div>
      <Button compact variant="subtle" color="danger" onClick={onRemove}>
        {t('schedule.remove')}
        <span className="hidden">: {name}</span>
      </Button>
    </fieldset>
  );
}
