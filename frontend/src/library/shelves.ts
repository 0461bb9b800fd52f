import { useCallback, useEffect, useState } from 'react';
import { useKept } from '../shared/kept';
import { request, told } from '../shared/request';
import type { DocumentOut, LibraryOut, Uploads } from '../shared/schema';
import { count } from '../shared/words';
import type { Place } from './Filing';

const READING_MS = 2000;

/** What is being done to which row of the panel. */
export interface Doing {
  id: string;
  what: 'rename' | 'move' | 'delete';
}

export interface Shelves {
  library: LibraryOut;
  isEmpty: boolean;
  problem: string;
  sending: string;
  doing: Doing | null;
  setDoing: (doing: Doing | null) => void;
  /** Change something, and show the library as it is then. */
  act: (change: () => Promise<unknown>) => Promise<void>;
  /** Whether the request went through; what was refused is told. */
  upload: (files: File[], place: Place) => Promise<boolean>;
}

const documentsOf = (library: LibraryOut): DocumentOut[] => [
  ...library.unfiled,
  ...library.semesters.flatMap(({ subjects }) => subjects.flatMap(({ books }) => books.flatMap(({ documents }) => documents))),
];

const isReading = ({ status }: DocumentOut): boolean => status === 'queued' || status === 'running';

function form(files: File[], place: Place): FormData {
  const filled = new FormData();
  for (const file of files) filled.append('file', file);
  for (const [name, value] of Object.entries(place)) filled.append(name, value as string);
  return filled;
}

const refusals = ({ documents }: Uploads): string => documents.flatMap(({ filename, error, duplicate_of: twin }) => {
  if (error) return [`${filename}: ${error}`];
  return twin ? [`You already have ${filename}, so it was not added again.`] : [];
}).join(' ');

/** The library as the server has it, read again after every change and while something is being read. */
function useLibrary(opened: string) {
  const [library, setLibrary] = useKept<LibraryOut | null>('library', null);
  const [problem, setProblem] = useState('');
  const load = useCallback(() => request<LibraryOut>('/api/library').then(setLibrary, (error: unknown) => setProblem(told(error))), [setLibrary]);
  const documents = library ? documentsOf(library) : [];
  const isBusy = documents.some(isReading);
  useEffect(() => { void load(); }, [load, opened]);
  useEffect(() => {
    if (!isBusy) return undefined;
    const timer = setInterval(() => void load(), READING_MS);
    return () => clearInterval(timer);
  }, [isBusy, load]);
  return { library, documents, problem, setProblem, load };
}

/** The library and what can be done with it; no shelves before it was read for the first time. */
export function useShelves(opened: string): { shelves: Shelves | null; problem: string } {
  const { library, documents, problem, setProblem, load } = useLibrary(opened);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [sending, setSending] = useState('');
  const trying = async (what: () => Promise<string>): Promise<boolean> => {
    setProblem('');
    const isDone = await what().then((said) => { setProblem(said); return true; }, (error: unknown) => { setProblem(told(error)); return false; });
    await load();
    return isDone;
  };
  const act = async (change: () => Promise<unknown>) => {
    if (await trying(async () => { await change(); return ''; })) setDoing(null);
  };
  const upload = async (files: File[], place: Place) => {
    setSending(files.length === 1 ? `Uploading ${files[0]!.name}…` : `Uploading ${count(files.length, 'file')}…`);
    const isDone = await trying(async () => refusals(await request<Uploads>('/api/documents/upload', 'POST', form(files, place))));
    setSending('');
    return isDone;
  };
  if (!library) return { shelves: null, problem };
  return { shelves: { library, isEmpty: !documents.length, problem, sending, doing, setDoing, act, upload }, problem };
}
