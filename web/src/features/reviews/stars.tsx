// Stars to read and stars to give. The words say the same as the signs.
import { useId } from 'react';
import { useTranslation } from '../../app/i18n';
import { FieldGroup } from '../../ui/fields';
import classes from './reviews.module.css';

export const ratings = [1, 2, 3, 4, 5] as const;

export function Stars({ rating }: { rating: number }) {
  const { t } = useTranslation();
  return (
    <span className={classes.stars}>
      <span aria-hidden="true">
        ☆☆☆☆☆
        <span className={classes.full} style={{ width: `${(rating / 5) * 100}%` }}>
          ★★★★★
        </span>
      </span>
      <span className="hidden">{t('doctor.rating_of', { rating })}</span>
    </span>
  );
}

interface StarInputProps {
  label: string;
  /** 0 as long as none is given. */
  value: number;
  error?: string;
  onChange: (rating: number) => void;
}

/** Five radio buttons that look like stars: the arrow keys, the screen reader and the form know what they are. */
export function StarInput({ label, value, error, onChange }: StarInputProps) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <FieldGroup label={label} error={error}>
      <div className={classes.given}>
        <div className={classes.row}>
          {ratings.map((rating) => (
            <label key={rating} className={classes.star} data-full={rating <= value || undefined}>
              <input
                type="radio"
                name={name}
                value={rating}
                checked={rating === value}
                aria-invalid={error ? true : undefined}
                onChange={() => onChange(rating)}
              />
              <span aria-hidden="true">{rating <= value ? '★' : '☆'}</span>
              <span className="hidden">
                {t('reviews.stars', { count: rating })} – {t(`reviews.rating_${rating}`)}
              </span>
            </label>
          ))}
        </div>
        <span aria-hidden="true" className={classes.word}>
          {value > 0 && t(`reviews.rating_${value}`)}
        </span>
      </div>
    </FieldGroup>
  );
}
