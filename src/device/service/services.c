/* The services of this build. Adding one: its row is defined in its own file, declared and named
 * here. */
#include "device/service/service.h"

const struct service *const service_table[] = {
    NULL,
};
