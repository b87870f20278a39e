// A password field that can be looked at. Mantine's own does not tell assistive technology that it is invalid.

import { useState } from 'react';
import { useTranslation } from '../../app/i18n';
import { TextInput, type TextInputProps } from '../../ui/fields';
import classes from './login.module.css';

export function SecretInput(props: TextInputProps & { ref?: React.Ref<HTMLInputElement> }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      rightSection={
        <button type="button" className={classes.show} aria-pressed={shown} onClick={() => setShown(!shown)}>
          {t('login.password_show')}
        </button>
      }
    />
  );
}
