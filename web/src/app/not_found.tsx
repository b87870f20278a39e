import { LinkButton } from '../ui/links';
import { PageTitle } from '../ui/page';
import { useTranslation } from './i18n';

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
