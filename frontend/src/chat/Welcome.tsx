import { useAuth, useChatInteract } from '@chainlit/react-client';
import { BookOpen, CalendarClock, GraduationCap, ListChecks, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, Problem } from '../shared/Button';
import { SUFFIXES } from '../shared/schema';
import { request } from '../shared/request';
import type { DueReply } from '../shared/schema';
import { count } from '../shared/words';

export interface WelcomeProps {
  books: number;
  pages: number;
  reading: number;
  scope: string;
  questions: string[];
}

type Say = (output: string, files?: { id: string }[], command?: string) => void;

// crypto.randomUUID exists only on https and loopback
const newId = (): string => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => (
  (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16)
));

function useSay(): Say {
  const { sendMessage } = useChatInteract();
  const { user } = useAuth();
  return (output, files, command) => sendMessage({
    threadId: '', id: newId(), name: user?.identifier || 'User', type: 'user_message', output, command,
    createdAt: new Date().toISOString(),
  }, files);
}

/** Uploads files one after the other, and then sends them as a message without words. */
function useUpload(say: Say) {
  const { uploadFile } = useChatInteract();
  const [sending, setSending] = useState('');
  const [problem, setProblem] = useState('');
  const one = async (file: File): Promise<{ id: string }[]> => {
    setSending(`Uploading ${file.name}…`);
    try {
      const { promise } = uploadFile(file, (percent) => setSending(`Uploading ${file.name}: ${Math.round(percent)} %`));
      return [{ id: (await promise).id }];
    } catch (error) {
      setProblem(`${file.name} could not be uploaded: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };
  const upload = async (files: File[]) => {
    setProblem('');
    const sent: { id: string }[] = [];
    for (const file of files) sent.push(...await one(file));
    setSending('');
    if (sent.length) say('', sent);
  };
  return { sending, problem, upload };
}

function useDue(): number {
  const [due, setDue] = useState(0);
  useEffect(() => {
    request<DueReply>('/api/review/due?limit=1').then((found) => setDue(found.count), () => null); // the button is an extra
  }, []);
  return due;
}

const Empty = () => (
  <>
    <h1>Study with your own books</h1>
    <p>
      Upload your textbooks and handouts, then ask about them. Every answer comes from their pages, and each claim links to the place
      where it stands.
    </p>
  </>
);

const Holds = ({ books, pages, reading, scope }: WelcomeProps) => (
  <>
    <h1>What would you like to know?</h1>
    <p>
      {`Your library holds ${count(books, 'book')} with ${count(pages, 'page')}.`}
      {reading ? ` ${count(reading, 'file is', 'files are')} being read.` : ''}
      <br /><span className="study-small">Scope: {scope}</span>
    </p>
  </>
);

const openLibrary = () => window.postMessage('studyrag:library', location.origin);

function WithBooks({ say }: { say: Say }) {
  const due = useDue();
  return (
    <>
      <Button Icon={ListChecks} onClick={() => say('Quiz me')}>Quiz me</Button>
      {due ? <Button Icon={CalendarClock} onClick={() => say('Repeat what is due')}>Review {count(due, 'question')}</Button> : null}
      <Button Icon={BookOpen} onClick={openLibrary}>Open the library</Button>
    </>
  );
}

/** A new chat: a way in when the library is empty, else what is there and what could be asked. */
export function Welcome(library: WelcomeProps) {
  const say = useSay();
  const { sending, problem, upload } = useUpload(say);
  const picker = useRef<HTMLInputElement>(null);
  const isEmpty = !library.books && !library.reading;
  return (
    <div className="study-welcome">
      {isEmpty ? <Empty /> : <Holds {...library} />}
      {library.questions.length ? (
        <div className="study-suggestions">
          {library.questions.map((question) => <Button key={question} onClick={() => say(question)}>{question}</Button>)}
        </div>
      ) : null}
      <div className="study-actions">
        <Button Icon={Upload} look={isEmpty ? 'primary' : undefined} disabled={!!sending} onClick={() => picker.current?.click()}>
          {sending || 'Upload a book'}
        </Button>
        {isEmpty ? (
          <Button Icon={GraduationCap} disabled={!!sending} onClick={() => say('Add the sample course to my library', [], 'Sample course')}>
            Try the sample course
          </Button>
        ) : <WithBooks say={say} />}
      </div>
      <input ref={picker} type="file" multiple hidden data-testid="welcome-files" accept={SUFFIXES}
        onChange={(event) => { const files = [...event.target.files ?? []]; event.target.value = ''; void upload(files); }} />
      <Problem>{problem}</Problem>
      {isEmpty ? <p className="study-small">PDF, Word, PowerPoint, HTML, Markdown, EPUB or plain text.</p> : null}
    </div>
  );
}
