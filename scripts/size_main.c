/* The smallest program around a device: what a port's main loop calls, so that the linker keeps
 * what a plug needs and drops the rest. Compiled by size.sh with device, or with core. */
#include "device/device.h"

struct device device;
struct hal hal;

int main(void) {
    device_init(&device, &hal);
    for (device_start(&device);;) {
        device_on_edge(&device, 0, true);
        device_on_uart(&device, 0, NULL, 0);
        device_on_wifi(&device, HAL_WIFI_OFF);
        device_on_accept(&device, 0, 0, 0);
        device_on_stream(&device, 0, HAL_STREAM_OPEN, NULL, 0);
        device_on_datagram(&device, 0, 0, 0, NULL, 0);
        device_poll(&device, 0);
    }
}
