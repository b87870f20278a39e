import { useTranslation } from 'react-i18next';
import { LinkButton } from '../ui/links';
import { PageTitle } from '../ui/page';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <div className="narrow stack">
      <PageTitle>{t('not_found.title')}</PageTitle>
      <p>{t('not_found.text')}</p>
      <div className="row">
        <LinkButton to="/">{t('not_found.search')}</LinkButton>
        <LinkButton to="/me" variant="default">
          {t('shell.me')}
        </LinkButton>
      </div>
    </div>
  );
}
