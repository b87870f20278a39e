// An iCalendar file (RFC 5545) of one appointment, so that any calendar can take it.
import type { Appointment } from '../../api/types';

const escapeText = (text: string) => text.replace(/[\\;,]/g, (c) => `\\${c}`).replace(/\r?\n/g, '\\n');
const stamp = (instant: string | number) => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '');

// Lines of at most 75 octets; a character is never cut.
function fold(line: string) {
  let folded = '';
  let octets = 0;
  for (const char of line) {
    const size = new TextEncoder().encode(char).length;
    if (octets + size > 74) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += char;
    octets += size;
  }
  return folded;
}

export function calendarFile(appointment: Appointment, title: string, now = Date.now()) {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Fairward//Appointment//EN',
    'BEGIN:VEVENT',
    `UID:appointment-${appointment.id}@fairward`,
    `SEQUENCE:${appointment.version ?? 0}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(appointment.starts_at)}`,
    `DTEND:${stamp(appointment.ends_at)}`,
    `SUMMARY:${escapeText(title)}`,
    `LOCATION:${escapeText(appointment.hospital_name)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.map(fold).join('\r\n')}\r\n`;
}
