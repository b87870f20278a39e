// The keys, and the switch for those without Ctrl.
import { useState } from 'react';
import { useTranslation } from '../../app/i18n';
import { singleKeysOn, singleKeysSet } from '../../app/shortcuts';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Checkbox } from '../../ui/fields';
import classes from './palette.module.css';

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(singleKeysOn);
  const meta = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
  const rows: [string[], string][] = [
    [[meta, 'K'], 'palette'],
    [['?'], 'list'],
    [['/'], 'find'],
    [['Alt', 'N'], 'new'],
    [[t('shortcuts.arrows')], 'days'],
    [[t('shortcuts.arrows')], 'times'],
    [['Esc'], 'escape'],
  ];
  return (
    <Dialog open title={t('shortcuts.title')} onClose={onClose}>
      <div className="stack">
        <table className={classes.shortcuts}>
          <tbody>
            {rows.map(([keys, name]) => (
              <tr key={name}>
                <th scope="row">
                  {keys.map((key, index) => (
                    <span key={key}>
                      {index > 0 && ' + '}
                      <kbd>{key}</kbd>
                    </span>
                  ))}
                </th>
                <td>{t(`shortcuts.${name}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div>
          <Checkbox
            label={t('shortcuts.single')}
            checked={on}
            onChange={(event) => {
              singleKeysSet(event.currentTarget.checked);
              setOn(event.currentTarget.checked);
            }}
          />
          <p className="muted">{t('shortcuts.single_hint')}</p>
        </div>
        <div>
          <Button variant="default" onClick={onClose}>
            {t('shortcuts.close')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
