/* What this build of the device holds. */
#ifndef DEVICE_BUILD_H
#define DEVICE_BUILD_H

#ifndef PLUGSMITH_SERVICES
#define PLUGSMITH_SERVICES 1 /* 0: a plug without network; core_only/ stands in for service/ */
#endif
#endif
