import { UploadCard, type UploadProps } from '../chat/UploadCard';
import { once } from '../shared/once';

const Card = once('UploadCard', UploadCard);

export default <Card {...(props as UploadProps)} call={callAction} />;
