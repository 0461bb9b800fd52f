import { QuizCard, type QuizCardProps } from '../quiz/QuizCard';
import { once } from '../shared/once';

const Card = once('QuizCard', QuizCard);

export default <Card {...(props as QuizCardProps)} say={sendUserMessage} />;
