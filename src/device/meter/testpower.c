/* A meter without a chip: readings as SetupTestPower set them. */
#include "device/device.h"
#include "device/meter/meter.h"

/* Fake readings, for trying scripts without a load. */
static void start_test(struct device *d, const char *arguments) {
    (void)arguments;
    if (d->metering.test.voltage == 0) {
        d->metering.test.voltage = 230;
        d->metering.test.current = 0.26f;
        d->metering.test.power = 60;
        d->metering.test.frequency = 50;
    }
    meter_use(d, &testpower_driver);
}

static void stop_test(struct device *d) {
    if (d->metering.driver == &testpower_driver)
        meter_use(d, NULL);
}

static float noisy(struct device *d, float value) {
    uint32_t random = d->hal.random ? d->hal.random(d->hal.context) : 0;
    float part = (float)(random & 0xFFFF) / 65535.0f - 0.5f;
    return d->metering.test.noise ? value * (1 + 0.1f * part) : value;
}

static void second_test(struct device *d) {
    struct meter_sample s = {.voltage = noisy(d, d->metering.test.voltage),
                             .current = noisy(d, d->metering.test.current),
                             .power = noisy(d, d->metering.test.power),
                             .frequency = d->metering.test.frequency};
    meter_take(d, &s);
}

const struct meter_driver testpower_driver = {.name = "TESTPOWER",
                                              .factor = {1, 1, 1},
                                              .start = start_test,
                                              .stop = stop_test,
                                              .second = second_test};
