// One weekly shift: a line to read, a form on demand.
import { useEffect, useRef } from 'react';
import type { Practice } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText } from '../../app/time';
import { Button } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import classes from './schedule.module.css';
import type { DraftShift, ShiftFault } from './schedule_rules';
import { weekdayName, weekdaysText } from './shift_text';

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const lengths = [5, 10, 15, 20, 30, 45, 60];

interface ShiftFormProps {
  shift: DraftShift;
  practices: Practice[];
  faults: ShiftFault[];
  open: boolean;
  mayEdit: boolean;
  onOpen: () => void;
  onChange: (change: Partial<DraftShift>) => void;
  onRemove: () => void;
}

export function ShiftForm({ shift, practices, faults, open, mayEdit, onOpen, onChange, onRemove }: ShiftFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const form = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (open) form.current?.querySelector<HTMLElement>('input, select, button')?.focus({ preventScroll: false });
  }, [open]);
  const hospital = practices.find((p) => p.hospital_id === shift.hospital_id)?.hospital_name;
  const name = `${weekdaysText(shift.weekdays, locale)}, ${shift.starts}–${shift.ends}`;
  const validity = [
    shift.valid_from && t('schedule.from', { day: dateText(shift.valid_from, locale) }),
    shift.valid_to && t('schedule.to', { day: dateText(shift.valid_to, locale) }),
  ].filter(Boolean);
  return (
    <div className={classes.shift} data-faulty={faults.length > 0 || undefined}>
      <div className={classes.line}>
        <div>
          <strong className="numbers">{name}</strong>
          <div className="muted numbers">
            {[t('schedule.every', { count: shift.slot_minutes }), practices.length > 1 && hospital, ...validity]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </div>
        {mayEdit ? (
          <div className="row">
            <Button compact variant="default" aria-expanded={open} onClick={onOpen}>
              {t(open ? 'schedule.close' : 'schedule.edit')}
              <span className="hidden">: {name}</span>
            </Button>
            <Button compact variant="subtle" color="danger" onClick={onRemove}>
              {t('schedule.remove')}
              <span className="hidden">: {name}</span>
            </Button>
          </div>
        ) : (
          <span className="muted">{t('schedule.foreign')}</span>
        )}
      </div>
      {faults.map((fault) => (
        <p key={fault} role="alert" className={classes.fault}>
          {t(`schedule.fault_${fault}`)}
        </p>
      ))}
      {open && mayEdit && (
        <fieldset ref={form} className={classes.form}>
          <legend className="hidden">{name}</legend>
          <div className={classes.weekdays}>
            {weekdays.map((day) => (
              <label key={day} className={classes.weekday}>
                <input
                  type="checkbox"
                  checked={shift.weekdays.includes(day)}
                  onChange={(e) =>
                    onChange({
                      weekdays: e.currentTarget.checked
                        ? [...shift.weekdays, day].sort()
                        : shift.weekdays.filter((d) => d !== day),
                    })
                  }
                />
                <span aria-hidden="true">{weekdayName(day, locale)}</span>
                <span className="hidden">{weekdayName(day, locale, 'long')}</span>
              </label>
            ))}
          </div>
          <div className={classes.fields}>
            <TextInput
              type="time"
              step={300}
              required
              label={t('schedule.starts')}
              value={shift.starts}
              onChange={(e) => onChange({ starts: e.currentTarget.value })}
            />
            <TextInput
              type="time"
              step={300}
              required
              label={t('schedule.ends')}
              value={shift.ends}
              onChange={(e) => onChange({ ends: e.currentTarget.value })}
            />
            <Select
              label={t('schedule.slot_minutes')}
              value={shift.slot_minutes}
              onChange={(e) => onChange({ slot_minutes: Number(e.currentTarget.value) })}
            >
              {[...new Set([...lengths, shift.slot_minutes])]
                .sort((a, b) => a - b)
                .map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {t('schedule.minutes', { count: minutes })}
                  </option>
                ))}
            </Select>
            {practices.length > 1 && (
              <Select
                label={t('slots.hospital')}
                value={shift.hospital_id}
                onChange={(e) => onChange({ hospital_id: Number(e.currentTarget.value) })}
              >
                {practices.map((p) => (
                  <option key={p.hospital_id} value={p.hospital_id}>
                    {p.hospital_name}
                  </option>
                ))}
              </Select>
            )}
            <TextInput
              type="date"
              label={t('schedule.valid_from')}
              value={shift.valid_from ?? ''}
              onChange={(e) => onChange({ valid_from: e.currentTarget.value || undefined })}
            />
            <TextInput
              type="date"
              label={t('schedule.valid_to')}
              value={shift.valid_to ?? ''}
              onChange={(e) => onChange({ valid_to: e.currentTarget.value || undefined })}
            />
          </div>
        </fieldset>
      )}
    </div>
  );
}
