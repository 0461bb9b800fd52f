from tests.support.chainlit import import_in_peace

import_in_peace()
