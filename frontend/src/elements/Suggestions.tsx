import { Suggestions, type SuggestionsProps } from '../chat/Suggestions';
import { once } from '../shared/once';

const Card = once('Suggestions', Suggestions);

export default <Card {...(props as SuggestionsProps)} say={sendUserMessage} />;
