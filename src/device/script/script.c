/* Placeholder until the script room is filled: nothing runs. */
#include "device/script/script.h"

#include "device/device.h"
#include "device/script/events.h"

unsigned events_fire(struct device *d, unsigned code, int32_t a, int32_t b, int32_t c) {
    (void)d, (void)code, (void)a, (void)b, (void)c;
    return 0;
}
unsigned events_change(struct device *d, unsigned code, int32_t before, int32_t after) {
    (void)d, (void)code, (void)before, (void)after;
    return 0;
}
void script_init(struct device *d) {
    d->script = (struct script_state){0};
}
void script_early(struct device *d) {
    (void)d;
}
void script_boot(struct device *d) {
    (void)d;
}
void script_tick(struct device *d, uint32_t elapsed_ms) {
    (void)d, (void)elapsed_ms;
}
void script_second(struct device *d) {
    (void)d;
}
uint32_t script_next_ms(const struct device *d) {
    (void)d;
    return UINT32_MAX;
}
