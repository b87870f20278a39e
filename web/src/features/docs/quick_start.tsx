// From nothing to a booked appointment in five calls.
import { useTranslation } from '../../app/i18n';
import { Code } from './code';
import classes from './docs.module.css';

const steps = (origin: string) => [
  ['start', 'make demo        # or: fairward demo data/demo && fairward serve --sandbox --data.folder=data/demo'],
  [
    'account',
    `TOKEN=$(curl -s ${origin}/api/auth/register -H 'Content-Type: application/json' \\
  -d '{"role":"patient","name":"Asha Rao","email":"asha@example.org","password":"a short sentence"}' \\
  | jq -r .access_token)`,
  ],
  [
    'find',
    `curl -s '${origin}/api/doctors?keyword=heart&limit=1' | jq '.items[0] | {id, name, next_free}'
DOCTOR=$(curl -s '${origin}/api/doctors?limit=1' | jq .items[0].id)
TIME=$(curl -s '${origin}/api/doctors?limit=1' | jq -r .items[0].next_free[0])`,
  ],
  [
    'hold',
    `HOLD=$(curl -s ${origin}/api/holds -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: hold-$DOCTOR-$TIME" \\
  -H 'Content-Type: application/json' -d "{\\"doctor_id\\":$DOCTOR,\\"starts_at\\":\\"$TIME\\"}" | jq .id)`,
  ],
  [
    'pay',
    `curl -s ${origin}/api/holds/$HOLD/payments -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: pay-$HOLD" \\
  -H 'Content-Type: application/json' -d '{"method":"sandbox","outcome":"success"}'`,
  ],
  [
    'wait',
    `while STATUS=$(curl -s ${origin}/api/appointments/$HOLD -H "Authorization: Bearer $TOKEN" | jq -r .status)
  [ "$STATUS" = pending ]; do sleep 1; done; echo "$STATUS"`,
  ],
];

export function QuickStart() {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="quick-start">
      <h2 id="quick-start">{t('docs.quick')}</h2>
      <p className="muted">{t('docs.quick_lead')}</p>
      <ol className={classes.steps}>
        {steps(window.location.origin).map(([name, command]) => (
          <li key={name}>
            <p>{t(`docs.step_${name}`)}</p>
            <Code label={t(`docs.step_${name}`)}>{command ?? ''}</Code>
          </li>
        ))}
      </ol>
    </section>
  );
}
