/* Adding a service: its row is defined in its own file, declared and named here. */
#include "device/service/services.h"

#include "device/service/discovery/discovery.h"
#include "device/service/mqtt/mqtt.h"
#include "device/service/requests/requests.h"
#include "device/service/time/sntp.h"
#include "device/service/wifi/portal.h"
#include "device/service/wifi/wifi.h"

extern const struct service http_service, update_service, console_service;

const struct service *const service_table[] = {
    &http_service, &update_service, &console_service, &wifi_service,     &mqtt_service,
    &sntp_service, &mdns_service,   &ssdp_service,    &requests_service, &portal_service,
    NULL,
};
