// What the record says, as a sentence. Pure.
import type { AuditRecord } from '../../api/types';

/** What kind of deed an operation is, by the verb of its name: "hold_create". */
export function deedOf(operation: string) {
  const verb = operation.slice(operation.lastIndexOf('_') + 1);
  if (['get', 'list', 'search', 'file', 'ask'].includes(verb)) return 'read';
  if (['create', 'add', 'upload', 'insert'].includes(verb)) return 'added';
  if (['delete', 'remove'].includes(verb)) return 'removed';
  return 'changed';
}

type Say = (key: string, values?: Record<string, string | number>) => string;

const named = 3;

function patientsText(patients: number[], t: Say) {
  const shown = patients.slice(0, named).map((id) => t('audit.patient', { id }));
  const rest = patients.length - shown.length;
  if (rest > 0) shown.push(t('audit.more_patients', { count: rest }));
  return shown.join(', ');
}

export function actorText(record: AuditRecord, t: Say) {
  if (record.role === 'system') return t('audit.system');
  if (record.role === 'operator') return t('audit.operator');
  if (!record.actor) return t('audit.somebody');
  if (record.role === 'patient') return t('audit.patient', { id: record.actor });
  return t('audit.person', { name: record.actor_name ?? `#${record.actor}`, role: t(`role.${record.role}`) });
}

export function sentenceOf(record: AuditRecord, t: Say) {
  const who = actorText(record, t);
  const whom = patientsText(record.patients, t);
  if (record.outcome === 'refused') {
    if (record.account) return t('audit.not_opened', { who, id: record.account });
    return t(`audit.refused_${deedOf(record.operation)}`, { who });
  }
  const deed = deedOf(record.operation);
  if (record.role === 'system' && !whom) return t('audit.by_itself');
  return whom ? t(`audit.${deed}_of`, { who, whom }) : t(`audit.${deed}`, { who });
}
