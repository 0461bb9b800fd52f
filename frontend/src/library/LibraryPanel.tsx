import { Upload } from 'lucide-react';
import { useState } from 'react';
import { Problem } from '../shared/Button';
import { titleOf } from '../shared/files';
import { SUFFIXES } from '../shared/schema';
import type { SemesterOut } from '../shared/schema';
import { Branch } from './Branch';
import { File } from './File';
import { Filing, placeFor } from './Filing';
import { type Shelves, useShelves } from './shelves';

const Semester = ({ semester, shelves }: { semester: SemesterOut; shelves: Shelves }) => (
  <Branch node={semester} kind="semester" shelves={shelves}>
    {semester.subjects.map((subject) => (
      <Branch key={subject.id} node={subject} kind="subject" shelves={shelves}>
        {subject.books.map((book) => (
          <Branch key={book.id} node={book} kind="book" shelves={shelves}>
            <ul>
              {book.documents.map((document) => (
                <File key={document.id} document={document} shelves={shelves}
                  place={{ semester: semester.name, subject: subject.name, book: book.name }} />
              ))}
            </ul>
          </Branch>
        ))}
      </Branch>
    ))}
  </Branch>
);

const Unfiled = ({ shelves }: { shelves: Shelves }) => (
  <details open className="study-branch is-semester">
    <summary><span className="study-name">Not filed yet</span></summary>
    <p className="study-small">Dropped into a chat, and used only there until you move them into a book.</p>
    <ul>
      {shelves.library.unfiled.map((document) => (
        <File key={document.id} document={document} shelves={shelves}
          place={placeFor(shelves.library.semesters, document.title || titleOf(document.filename))} />
      ))}
    </ul>
  </details>
);

interface AddProps {
  shelves: Shelves;
  files: globalThis.File[];
  setFiles: (files: globalThis.File[]) => void;
}

function Add({ shelves, files, setFiles }: AddProps) {
  const { library, sending, upload } = shelves;
  const [first] = files;
  return (
    <>
      <label className="study-button study-primary study-pick">
        <Upload aria-hidden="true" /> {sending || 'Upload into the library'}
        <input type="file" multiple className="study-unseen" disabled={!!sending} data-testid="library-files" accept={SUFFIXES}
          onChange={(event) => { setFiles([...event.target.files ?? []]); event.target.value = ''; }} />
      </label>
      {first && !sending ? (
        <Filing start={placeFor(library.semesters, titleOf(first.name))} semesters={library.semesters} submit="Upload"
          onSubmit={(place) => void upload(files, place).then((isDone) => { if (isDone) setFiles([]); })} onCancel={() => setFiles([])}>
          <p className="study-small">{files.map(({ name }) => name).join(', ')}</p>
        </Filing>
      ) : null}
    </>
  );
}

function Shelf({ shelves }: { shelves: Shelves }) {
  const [files, setFiles] = useState<globalThis.File[]>([]);
  const { semesters, unfiled } = shelves.library;
  return (
    <div className="study-library">
      <Add shelves={shelves} files={files} setFiles={setFiles} />
      <Problem>{shelves.problem}</Problem>
      {shelves.isEmpty && !files.length ? <p className="study-small">Nothing here yet. Upload a book, or drop one into the chat.</p> : null}
      {semesters.map((semester) => <Semester key={semester.id} semester={semester} shelves={shelves} />)}
      {unfiled.length ? <Unfiled shelves={shelves} /> : null}
    </div>
  );
}

/** The library beside the chat. `opened` changes whenever it is opened anew. */
export function LibraryPanel({ opened }: { opened: string }) {
  const { shelves, problem } = useShelves(opened);
  return shelves ? <Shelf shelves={shelves} /> : <p className="study-small">{problem || 'Opening your library…'}</p>;
}
