// Built from frontend/src by `make frontend`: edit there.

// src/shared/Button.tsx
var Button = ({ Icon, look, children, ...rest }) => <button type="button" className={`study-button ${look ? `study-${look}` : ""}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>;

// src/chat/Suggestions.tsx
var Suggestions = ({ questions, say }) => <div className="study-suggestions">
    {questions.map((question) => <Button key={question} onClick={() => say(question)}>{question}</Button>)}
  </div>;

// src/shared/once.ts
var defined = window.studyragParts ??= {};
function once(name, component) {
  return defined[name] ??= component;
}

// src/elements/Suggestions.tsx
var Card = once("Suggestions", Suggestions);
var Suggestions_default = <Card {...props} say={sendUserMessage} />;
export {
  Suggestions_default as default
};
