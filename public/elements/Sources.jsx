import { useState } from 'react';
import { BookOpen, ChevronDown, Info } from 'lucide-react';

const start = (quote, length) => {
  const line = quote.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
};

// A long title gives way, the page never does.
const Where = ({ source }) => <span className="study-where"><span className="study-book">{source.book}</span>, {source.page}</span>;

function Passage({ passage }) {
  const address = `/view/${passage.document_id}/${passage.page_index}?start=${passage.start}&end=${passage.end}`;
  return (
    <li>
      <a href={address}>{passage.book}, {passage.page}</a>
      <span className="study-small"> · score {passage.score.toFixed(2)}{passage.section ? ` · ${passage.section}` : ''}</span>
      <blockquote>{passage.text}</blockquote>
    </li>
  );
}

export default function Sources() {
  // A new question renders every card anew: what was unfolded stays so.
  const kept = (window.studyrag ||= { kept: {} }).kept;
  const key = `found:${props.thread_id}:${props.sources.map((source) => source.n)}:${props.found?.question}`;
  const [unfolded, setUnfolded] = useState(!!kept[key]);
  const toggle = () => { kept[key] = !unfolded; setUnfolded(!unfolded); };
  const line = [
    props.scope ? `Scope: ${props.scope}` : '',
    props.confidence,
    props.model === 'built-in tutor' ? 'built-in tutor' : props.model,
  ].filter(Boolean);
  return (
    <div className="study-sources">
      {props.notices.map((notice) => <p key={notice} className="study-notice"><Info /> <span>{notice}</span></p>)}
      {props.sources.length ? (
        <ul className="study-chips" aria-label="Sources">
          {props.sources.map((source) => (
            <li key={source.n}>
              {source.removed ? (
                <span className="study-chip is-removed">
                  <b>{source.n}</b> <Where source={source} />
                  <span className="study-quote">source removed</span>
                </span>
              ) : (
                <a className="study-chip" href={`/cite/${props.thread_id}/${source.n}`} title={`“${start(source.quote, 300)}”`}>
                  <b>{source.n}</b> <Where source={source} />
                  <span className="study-quote">“{start(source.quote, 60)}”</span>
                </a>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <p className="study-line">
        <span><BookOpen /> {line.join(' · ')}</span>
        {props.found ? (
          <button type="button" className="study-link" aria-expanded={unfolded} onClick={toggle}>
            How was this found? <ChevronDown className={unfolded ? 'is-open' : ''} />
          </button>
        ) : null}
      </p>
      {props.found && unfolded ? (
        <div className="study-found">
          <dl>
            <dt>Searched for</dt><dd>{props.found.question}</dd>
            <dt>In</dt><dd>{props.found.scope || 'all your books'}</dd>
            <dt>Took</dt><dd>{(props.found.milliseconds / 1000).toFixed(2)} s, answered by {props.model}</dd>
          </dl>
          <ol>{props.found.passages.map((passage, i) => <Passage key={i} passage={passage} />)}</ol>
        </div>
      ) : null}
    </div>
  );
}
