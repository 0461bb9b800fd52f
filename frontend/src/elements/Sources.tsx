import { Sources, type SourcesProps } from '../chat/Sources';
import { once } from '../shared/once';

const Card = once('Sources', Sources);

export default <Card {...(props as SourcesProps)} />;
