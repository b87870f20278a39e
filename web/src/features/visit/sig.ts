// A prescription typed as one line, "amox 500 tds 5d", as a row. Pure; the doctor sees the row before it is issued.
export interface SigRow {
  medicine: string;
  dose: string;
  frequency: string;
  duration_days?: number;
  quantity: number;
  instructions?: string;
}
export type SigMissing = 'medicine' | 'frequency';
export interface SigRead {
  row?: SigRow;
  missing: SigMissing[];
}

/** How often, in words and by the day; 0: as often as needed, or once and for all. */
interface Frequency {
  words: string;
  perDay: number;
}
const frequencies: Record<string, Frequency> = {
  od: { words: 'once a day', perDay: 1 },
  qd: { words: 'once a day', perDay: 1 },
  daily: { words: 'once a day', perDay: 1 },
  om: { words: 'in the morning', perDay: 1 },
  hs: { words: 'at bedtime', perDay: 1 },
  nocte: { words: 'at bedtime', perDay: 1 },
  bd: { words: 'twice a day', perDay: 2 },
  bid: { words: 'twice a day', perDay: 2 },
  tds: { words: 'three times a day', perDay: 3 },
  tid: { words: 'three times a day', perDay: 3 },
  qid: { words: 'four times a day', perDay: 4 },
  qds: { words: 'four times a day', perDay: 4 },
  eod: { words: 'every other day', perDay: 0.5 },
  weekly: { words: 'once a week', perDay: 1 / 7 },
  sos: { words: 'when needed', perDay: 0 },
  prn: { words: 'when needed', perDay: 0 },
  stat: { words: 'at once', perDay: 0 },
};

const short: Record<string, string> = {
  amlo: 'Amlodipine',
  amox: 'Amoxicillin',
  atorva: 'Atorvastatin',
  azithro: 'Azithromycin',
  cetir: 'Cetirizine',
  cipro: 'Ciprofloxacin',
  diclo: 'Diclofenac',
  doxy: 'Doxycycline',
  ibu: 'Ibuprofen',
  losar: 'Losartan',
  metf: 'Metformin',
  omep: 'Omeprazole',
  panto: 'Pantoprazole',
  para: 'Paracetamol',
  pcm: 'Paracetamol',
  pred: 'Prednisolone',
  salb: 'Salbutamol',
  telmi: 'Telmisartan',
};

const bareMgMax = 2000;
const daysOf: Record<string, number> = { d: 1, w: 7, m: 30 };
const forms = 'tab(?:let)?s?|cap(?:sule)?s?|ml|drops?|puffs?|sachets?|units?|sprays?|amp(?:oule)?s?|spoons?';
const doseText = new RegExp(`(?:^|\\s)(\\d+(?:\\.\\d+)?|½|1/2)\\s*(${forms})(?=\\s|$)`, 'i');
const durationText = /(?:^|\s)(?:x\s*|for\s+)?(\d{1,3})\s*(d|w|m)(?:ays?|eeks?|ks?|onths?)?(?=\s|$)/i;
const timesText = /(?:^|\s)(\d(?:\.\d)?|½)-(\d(?:\.\d)?|½)-(\d(?:\.\d)?|½)(?=\s|$)/;
const hoursText = /(?:^|\s)q(\d{1,2})h(?=\s|$)/i;
const quantityText = /(?:^|\s)#\s*(\d{1,4})(?=\s|$)/;
const numberOf = (text: string) => (text === '½' || text === '1/2' ? 0.5 : Number(text));

/** Takes what the pattern finds out of the line. */
function take(line: string, pattern: RegExp): [RegExpMatchArray | null, string] {
  const found = line.match(pattern);
  return [found, found ? line.replace(pattern, ' ') : line];
}

function frequencyOf(line: string): [Frequency | undefined, string] {
  const [times, withoutTimes] = take(line, timesText);
  if (times) {
    const counts = times.slice(1, 4).map((one) => numberOf(one ?? '0'));
    const parts = ['morning', 'noon', 'night'].filter((_, i) => (counts[i] ?? 0) > 0);
    const sum = counts.reduce((all, one) => all + one, 0);
    return [{ words: `${times[0].trim()} (${parts.join(', ')})`, perDay: sum }, withoutTimes];
  }
  const [hours, withoutHours] = take(line, hoursText);
  if (hours) return [{ words: `every ${hours[1]} hours`, perDay: 24 / Math.max(1, Number(hours[1])) }, withoutHours];
  for (const word of line.toLowerCase().split(/\s+/)) {
    const known = frequencies[word];
    if (known) return [known, line.replace(new RegExp(`(?:^|\\s)${word}(?=\\s|$)`, 'i'), ' ')];
  }
  return [undefined, line];
}

function medicineOf(text: string) {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (!first) return '';
  words[0] = short[first.toLowerCase()] ?? first.charAt(0).toUpperCase() + first.slice(1);
  // "500" alone is a strength; a number of thousands is one of units, which the doctor has to name.
  const isBare = (word: string, next?: string) =>
    /^\d+(\.\d+)?$/.test(word) && Number(word) <= bareMgMax && !/^(mg|mcg|g|iu|ml|%)/i.test(next ?? '');
  return words.map((word, i) => (i > 0 && isBare(word, words[i + 1]) ? `${word} mg` : word)).join(' ');
}

export function sigRead(line: string): SigRead {
  const [instructions, told] = take(line, /[,;]\s*(.+)$/);
  const [quantity, withoutQuantity] = take(told, quantityText);
  const [frequency, withoutFrequency] = frequencyOf(withoutQuantity);
  const [duration, withoutDuration] = take(withoutFrequency, durationText);
  const [dose, rest] = take(withoutDuration, doseText);
  const medicine = medicineOf(rest);
  const missing: SigMissing[] = [];
  if (!medicine) missing.push('medicine');
  if (!frequency) missing.push('frequency');
  if (!frequency || !medicine) return { missing };
  const days = duration ? Number(duration[1]) * (daysOf[(duration[2] ?? 'd').toLowerCase()] ?? 1) : undefined;
  const each = dose ? numberOf(dose[1] ?? '1') : 1;
  const needed = frequency.perDay > 0 && days ? Math.ceil(each * frequency.perDay * days - 1e-9) : each;
  const row: SigRow = {
    medicine,
    dose: dose ? `${dose[1]} ${dose[2]}` : '1',
    frequency: frequency.words,
    quantity: quantity ? Number(quantity[1]) : Math.max(1, Math.ceil(needed)),
  };
  if (days) row.duration_days = days;
  if (instructions?.[1]) row.instructions = instructions[1].trim();
  return { row, missing };
}
