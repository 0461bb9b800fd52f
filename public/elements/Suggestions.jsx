export default function Suggestions() {
  return (
    <div className="study-suggestions">
      {props.questions.map((question) => (
        <button key={question} type="button" className="study-button" onClick={() => sendUserMessage(question)}>
          {question}
        </button>
      ))}
    </div>
  );
}
