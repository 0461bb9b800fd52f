import { Welcome, type WelcomeProps } from '../chat/Welcome';
import { once } from '../shared/once';

const Card = once('Welcome', Welcome);

export default <Card {...(props as WelcomeProps)} />;
