/* The services of this build, ended by NULL. */
#ifndef DEVICE_SERVICE_SERVICES_H
#define DEVICE_SERVICE_SERVICES_H
#include "device/service/service.h"

extern const struct service *const service_table[];
#endif
