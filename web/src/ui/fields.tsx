// The fields of forms on the browser's own controls: label, hint and error belong to the control for everyone.
import {
  createContext,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useContext,
  useId,
} from 'react';
import classes from './fields.module.css';

interface FieldWords {
  label?: ReactNode;
  description?: ReactNode;
  /** What is wrong; its presence marks the control invalid. */
  error?: ReactNode;
  className?: string;
}

function useField({ label, description, error, className }: FieldWords, ownId?: string) {
  const generated = useId();
  const id = ownId ?? generated;
  const described = [description && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const control = {
    id,
    'aria-invalid': error ? (true as const) : undefined,
    'aria-describedby': described || undefined,
  };
  const wrap = (input: ReactNode) => (
    <div className={className ? `${classes.field} ${className}` : classes.field}>
      {label && (
        <label htmlFor={id} className={classes.label}>
          {label}
        </label>
      )}
      {description && (
        <div id={`${id}-hint`} className={classes.hint}>
          {description}
        </div>
      )}
      {input}
      {error && (
        <div id={`${id}-error`} className={classes.error}>
          {error}
        </div>
      )}
    </div>
  );
  return { control, wrap };
}

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement>, FieldWords {
  /** A control inside the field's end. */
  rightSection?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}
export function TextInput({ label, description, error, className, rightSection, ...rest }: TextInputProps) {
  const { control, wrap } = useField({ label, description, error, className }, rest.id);
  return wrap(
    <div className={classes.frame}>
      <input
        type="text"
        {...rest}
        {...control}
        className={classes.control}
        data-right={rightSection ? '' : undefined}
      />
      {rightSection && <div className={classes.right}>{rightSection}</div>}
    </div>,
  );
}

interface TextareaProps extends TextareaHTMLAttributes<HTMLTextAreaElement>, FieldWords {}
export function Textarea({ label, description, error, className, ...rest }: TextareaProps) {
  const { control, wrap } = useField({ label, description, error, className }, rest.id);
  return wrap(<textarea rows={2} {...rest} {...control} className={classes.control} />);
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement>, FieldWords {
  children: ReactNode;
}
export function Select({ label, description, error, className, children, ...rest }: SelectProps) {
  const { control, wrap } = useField({ label, description, error, className }, rest.id);
  return wrap(
    <select {...rest} {...control} className={classes.control}>
      {children}
    </select>,
  );
}

interface ChoiceProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: ReactNode;
}
export function Checkbox({ label, ...rest }: ChoiceProps) {
  return (
    <label className={classes.choice}>
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  );
}

const Group = createContext<{ name: string; value: string; onChange: (value: string) => void } | undefined>(undefined);

interface FieldGroupProps {
  label: ReactNode;
  description?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
}
/** Several controls that answer one question: label, hint and error belong to all of them. */
export function FieldGroup({ label, description, error, children }: FieldGroupProps) {
  const name = useId();
  const described = [description && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <fieldset className={classes.group} aria-describedby={described || undefined}>
      <legend className={classes.label}>{label}</legend>
      {description && (
        <div id={`${name}-hint`} className={classes.hint}>
          {description}
        </div>
      )}
      {children}
      {error && (
        <div id={`${name}-error`} className={classes.error}>
          {error}
        </div>
      )}
    </fieldset>
  );
}

interface RadioGroupProps {
  label: ReactNode;
  description?: ReactNode;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}
export function RadioGroup({ label, description, value, onChange, children }: RadioGroupProps) {
  const name = useId();
  return (
    <FieldGroup label={label} description={description}>
      <Group.Provider value={{ name, value, onChange }}>{children}</Group.Provider>
    </FieldGroup>
  );
}
export function Radio({ value, label }: { value: string; label: ReactNode }) {
  const group = useContext(Group);
  return (
    <label className={classes.choice}>
      <input
        type="radio"
        name={group?.name}
        value={value}
        checked={group?.value === value}
        onChange={() => group?.onChange(value)}
      />
      <span>{label}</span>
    </label>
  );
}
