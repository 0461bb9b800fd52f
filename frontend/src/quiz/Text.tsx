import { Markdown } from '@/components/markdown';
import { Fragment, type ReactNode } from 'react';

// Only formulas go through Markdown: in the rest a star or an underscore is what the book prints.
const FORMULA = /(?<!\\)\$\$([\s\S]+?)(?<!\\)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(?<![\\$])\$(?=\S)((?:\\.|[^\\$])+?)(?<=\S)\$(?![\d$])/g;

function Formula({ match }: { match: RegExpMatchArray }) {
  const [, dollars, brackets, round, inline] = match;
  const tex = (dollars ?? brackets ?? round ?? inline ?? '').trim().replace(/\s*\n\s*/g, ' ');
  const isDisplay = dollars !== undefined || brackets !== undefined;
  return <Markdown latex className={isDisplay ? 'study-formula is-display' : 'study-formula'}>{`$$${tex}$$`}</Markdown>;
}

// A page's number stays beside its “p.”, and a gap's full stop beside the gap.
function Gaps({ text }: { text: string }) {
  const [first, ...rest] = text.replace(/\bp\. (?=\w)/g, 'p.\u00a0').split(/_{3,}/);
  return (
    <>
      {first}
      {rest.map((part, i) => {
        const stop = /^[^\s\w]*/.exec(part)?.[0] ?? '';
        return (
          <Fragment key={i}>
            <span className="study-kept"><span className="study-gap" role="img" aria-label="blank" />{stop}</span>
            {part.slice(stop.length)}
          </Fragment>
        );
      })}
    </>
  );
}

/** A text of the book with its formulas and gaps. */
export function Text({ children: text }: { children: string }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(FORMULA)) {
    parts.push(<Gaps key={`text-${at}`} text={text.slice(at, match.index)} />, <Formula key={match.index} match={match} />);
    at = match.index + match[0].length;
  }
  return <>{parts}<Gaps text={text.slice(at)} /></>;
}
