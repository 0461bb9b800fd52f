import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from '../shared/Button';
import type { SemesterOut } from '../shared/schema';

export interface Place {
  semester: string;
  subject: string;
  book: string;
}

const FIELDS = [['semester', 'Semester'], ['subject', 'Subject'], ['book', 'Book']] as const;

/** A place in the newest semester, for a file that has none yet. */
export function placeFor(semesters: SemesterOut[], book: string): Place {
  const newest = semesters.at(-1);
  return { semester: newest?.name ?? 'This semester', subject: newest?.subjects.at(-1)?.name ?? '', book };
}

function known(semesters: SemesterOut[]): Record<keyof Place, string[]> {
  const subjects = semesters.flatMap((semester) => semester.subjects);
  const books = subjects.flatMap((subject) => subject.books);
  return {
    semester: semesters.map(({ name }) => name), subject: subjects.map(({ name }) => name), book: books.map(({ name }) => name),
  };
}

interface FieldProps {
  label: string;
  value: string;
  names: string[];
  change: (value: string) => void;
}

function Field({ label, value, names, change }: FieldProps) {
  const list = useId();
  return (
    <label>
      {label}
      <input value={value} list={list} maxLength={200} required onChange={(event) => change(event.target.value)} />
      <datalist id={list}>{[...new Set(names)].map((name) => <option key={name} value={name} />)}</datalist>
    </label>
  );
}

interface Props {
  start: Place;
  semesters: SemesterOut[];
  submit: string;
  cancel?: string;
  onSubmit: (place: Place) => void;
  onCancel: () => void;
  children?: ReactNode;
}

/** Where a file belongs: semester, subject and book, with the names that exist already. */
export function Filing({ start, semesters, submit, cancel = 'Cancel', onSubmit, onCancel, children }: Props) {
  const [typed, setTyped] = useState<Partial<Place>>({});
  const place = { ...start, ...typed }; // what is suggested may arrive after the first letter
  const names = known(semesters);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(place);
  };
  return (
    <form className="study-form" onSubmit={send}>
      <div className="study-fields">
        {FIELDS.map(([field, label]) => (
          <Field key={field} label={label} value={place[field]} names={names[field]} change={(value) => setTyped({ ...typed, [field]: value })} />
        ))}
      </div>
      {children}
      <div className="study-row">
        <Button type="submit" look="primary">{submit}</Button>
        <Button onClick={onCancel}>{cancel}</Button>
      </div>
    </form>
  );
}
