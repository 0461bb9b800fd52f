import { FolderInput, type LucideIcon, Pencil, Trash2 } from 'lucide-react';
import { Button } from '../shared/Button';
import { request } from '../shared/request';
import type { DocumentOut } from '../shared/schema';
import { count } from '../shared/words';
import { Filing, type Place } from './Filing';
import { Rename } from './Rename';
import type { Doing, Shelves } from './shelves';

const STATES: Partial<Record<DocumentOut['status'], string>> = {
  queued: 'waiting', running: 'being read', failed: 'could not be read', cancelled: 'cancelled',
};
const WISHES: [Doing['what'], string, LucideIcon][] = [['rename', 'Rename', Pencil], ['move', 'Move', FolderInput], ['delete', 'Delete', Trash2]];

interface Props {
  document: DocumentOut;
  place: Place;
  shelves: Shelves;
}

const Delete = ({ filename, onSubmit, onCancel }: { filename: string; onSubmit: () => void; onCancel: () => void }) => (
  <div className="study-form study-row" role="alertdialog" aria-label={`Delete ${filename}?`}>
    <span>Delete this file and everything read from it? Old answers keep their text.</span>
    <Button look="danger" onClick={onSubmit}>Delete</Button>
    <Button onClick={onCancel}>Keep it</Button>
  </div>
);

function Form({ document, place, shelves }: Props) {
  const { doing, setDoing, act } = shelves;
  const address = `/api/documents/${document.id}`;
  const close = () => setDoing(null);
  const change = (values: object) => void act(() => request(address, 'PATCH', values));
  if (doing?.id !== document.id) return null;
  if (doing.what === 'rename') return <Rename name={document.filename} onCancel={close} onSubmit={(filename) => change({ filename })} />;
  if (doing.what === 'move') return <Filing start={place} semesters={shelves.library.semesters} submit="Move" onCancel={close} onSubmit={change} />;
  return <Delete filename={document.filename} onCancel={close} onSubmit={() => void act(() => request(address, 'DELETE'))} />;
}

/** One document with what can be done to it. */
export function File({ document, place, shelves }: Props) {
  const { id, filename, status, error } = document;
  return (
    <li className="study-file">
      {status === 'ready' ? <a className="study-name" href={`/view/${id}/1`}>{filename}</a> : <span className="study-name">{filename}</span>}
      <div className="study-head">
        <span className={`study-state is-${status}`}>{STATES[status] ?? count(document.page_count, 'page')}</span>
        {WISHES.map(([what, title, Icon]) => (
          <Button key={what} Icon={Icon} look="quiet" title={title} aria-label={`${title} ${filename}`} onClick={() => shelves.setDoing({ id, what })} />
        ))}
      </div>
      {error ? <p className="study-problem">{error}</p> : null}
      <Form document={document} place={place} shelves={shelves} />
    </li>
  );
}
