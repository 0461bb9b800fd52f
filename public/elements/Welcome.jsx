import { useEffect, useRef, useState } from 'react';
import { BookOpen, CalendarClock, GraduationCap, ListChecks, Upload } from 'lucide-react';
import { useAuth, useChatInteract } from '@chainlit/react-client';

const count = (n, one, many) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const newId = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
  (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16));

export default function Welcome() {
  const { sendMessage, uploadFile } = useChatInteract();
  const { user } = useAuth();
  const picker = useRef(null);
  const [sending, setSending] = useState('');
  const [problem, setProblem] = useState('');
  const [due, setDue] = useState(0);
  useEffect(() => {
    fetch('/api/review/due?limit=1').then((reply) => (reply.ok ? reply.json() : null)).then((found) => setDue(found?.count || 0));
  }, []);

  const say = (output, references, command) => sendMessage({
    threadId: '', id: newId(), name: user?.identifier || 'User', type: 'user_message', output, command,
    createdAt: new Date().toISOString(),
  }, references);

  const upload = async (files) => {
    setProblem('');
    const references = [];
    for (const file of files) {
      try {
        setSending(`Uploading ${file.name}…`);
        const { promise } = uploadFile(file, (percent) => setSending(`Uploading ${file.name}: ${Math.round(percent)} %`));
        references.push({ id: (await promise).id });
      } catch (error) {
        setProblem(`${file.name} could not be uploaded: ${error?.message || error}`);
      }
    }
    setSending('');
    if (references.length) say('', references);
  };

  const empty = !props.books && !props.reading;
  return (
    <div className="study-welcome">
      <h1>{empty ? 'Study with your own books' : 'What would you like to know?'}</h1>
      <p>
        {empty
          ? 'Upload your textbooks and handouts, then ask about them. Every answer comes from their pages, and each claim links to the place where it stands.'
          : `Your library holds ${count(props.books, 'book', 'books')} with ${count(props.pages, 'page', 'pages')}.`}
        {!empty && props.reading ? ` ${count(props.reading, 'file is', 'files are')} being read.` : ''}
        {!empty ? <><br /><span className="study-small">Scope: {props.scope}</span></> : null}
      </p>
      {props.questions.length ? (
        <div className="study-suggestions">
          {props.questions.map((question) => (
            <button key={question} type="button" className="study-button" onClick={() => say(question)}>{question}</button>
          ))}
        </div>
      ) : null}
      <div className="study-actions">
        <button type="button" className={`study-button ${empty ? 'study-primary' : ''}`} disabled={!!sending}
          onClick={() => picker.current.click()}>
          <Upload /> {sending || 'Upload a book'}
        </button>
        {empty ? (
          <button type="button" className="study-button" disabled={!!sending}
            onClick={() => say('Add the sample course to my library', [], 'Sample course')}>
            <GraduationCap /> Try the sample course
          </button>
        ) : (
          <>
            <button type="button" className="study-button" onClick={() => say('Quiz me')}><ListChecks /> Quiz me</button>
            {due ? (
              <button type="button" className="study-button" onClick={() => say('Repeat what is due')}>
                <CalendarClock /> Review {count(due, 'question', 'questions')}
              </button>
            ) : null}
            <button type="button" className="study-button" onClick={() => window.postMessage('studyrag:library', location.origin)}>
              <BookOpen /> Open the library
            </button>
          </>
        )}
      </div>
      <input ref={picker} type="file" multiple hidden data-testid="welcome-files"
        accept=".pdf,.docx,.pptx,.html,.htm,.md,.markdown,.epub,.txt"
        onChange={(event) => { const files = [...event.target.files]; event.target.value = ''; upload(files); }} />
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
      {empty ? <p className="study-small">PDF, Word, PowerPoint, HTML, Markdown, EPUB or plain text.</p> : null}
    </div>
  );
}
