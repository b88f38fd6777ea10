/* Commands of the metering room: calibration, and when what is published.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_bl_shared.c, drv_pwrCal.c. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/meter/meter.h"

#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)

static float absolute(float x) {
    return x < 0 ? -x : x;
}

/* One answer after the other. */
static void also_reply(struct call *c, const char *line) {
    char both[COMMAND_REPLY_SIZE];
    struct text t = text_start(both, sizeof both);
    text_add(&t, c->d->command.reply);
    text_add(&t, c->d->command.reply[0] ? "; " : "");
    text_add(&t, line);
    call_reply(c, both);
}

/* "power: factor 1.4831, from 497 pulses …": what was done and how good it is. */
static void tell_factor(struct call *c, const char *what, float factor,
                        const struct meter_raw *raw) {
    char line[DEVICE_LOG_LINE];
    struct text t = text_start(line, sizeof line);
    text_add(&t, what);
    text_add(&t, ": factor ");
    text_fixed(&t, (int64_t)((double)factor * 1e6), 6);
    if (raw->error > 0) {
        text_add(&t, ", measured over ");
        text_fixed(&t, (int64_t)((double)raw->seconds * 10), 1);
        text_add(&t, " s, known to ");
        text_fixed(&t, (int64_t)((double)raw->error * 1e5 + 1), 3);
        text_add(&t, " %");
    }
    device_log(c->d, LOG_INFO, "meter", line);
    also_reply(c, line);
}

/* Any two of voltage, current and power predict the third, at power factor 1: the power cannot be
 * more, and with a lamp it is not less. */
static void check_third(struct call *c) {
    struct meter_raw raw;
    const struct meter_driver *driver = c->d->metering.driver;
    float now[METER_CALS];
    for (int i = 0; i < METER_CALS; i++) {
        if (!driver->raw(c->d, (enum meter_calibrated)i, &raw))
            return;
        now[i] = meter_value(c->d, (enum meter_calibrated)i, raw.value);
    }
    float predicted = now[METER_CAL_VOLTAGE] * now[METER_CAL_CURRENT];
    float share = predicted > 0 ? now[METER_CAL_POWER] / predicted : 1;
    if (share > 0.95f && share < 1.05f)
        return;
    char line[DEVICE_LOG_LINE];
    struct text t = text_start(line, sizeof line);
    text_add(&t, "voltage times current predict ");
    text_fixed(&t, (int64_t)((double)predicted * 100 + 0.5), 2);
    text_add(&t, " W, the power reads ");
    text_fixed(&t, (int64_t)((double)now[METER_CAL_POWER] * 100 + 0.5), 2);
    text_add(&t, share > 1 ? " W: one of the three is calibrated wrong"
                           : " W: right for a load with a poor power factor, wrong for a lamp");
    device_log(c->d, LOG_WARN, "meter", line);
    also_reply(c, line);
}

static enum command_result calibrate(struct call *c, enum meter_calibrated what, const char *name) {
    const struct meter_driver *driver = c->d->metering.driver;
    float real = call_float(c, 0, 0);
    struct meter_raw raw;
    if (real == 0)
        return COMMAND_BAD_ARGUMENT;
    if (!driver || !driver->raw || !driver->raw(c->d, what, &raw) || absolute(raw.value) < 0.001f) {
        device_log2(c->d, LOG_ERROR, "meter", name, ": nothing is measured; connect a load first");
        return COMMAND_ERROR;
    }
    float factor = driver->divides ? raw.value / real : real / raw.value;
    if (factor != factor || absolute(factor) < 1e-6f)
        return COMMAND_ERROR;
    meter_set_factor(c->d, what, factor);
    call_reply(c, "");
    tell_factor(c, name, factor, &raw);
    check_third(c);
    return COMMAND_OK;
}
RUN(voltage) {
    return calibrate(c, METER_CAL_VOLTAGE, "voltage");
}
RUN(current) {
    return calibrate(c, METER_CAL_CURRENT, "current");
}
RUN(power) {
    return calibrate(c, METER_CAL_POWER, "power");
}
/* The wizard: a lamp of known wattage and the mains voltage give all three. */
RUN(lamp) {
    const struct meter_driver *driver = c->d->metering.driver;
    float watts = call_float(c, 0, 0), volts = call_float(c, 1, 0);
    static const char *const names[METER_CALS] = {"voltage", "current", "power"};
    struct meter_raw raw[METER_CALS];
    if (watts < 5 || watts > 4000 || volts < 80 || volts > 280)
        return COMMAND_BAD_ARGUMENT;
    const float real[METER_CALS] = {volts, watts / volts, watts};
    for (int i = 0; i < METER_CALS; i++)
        if (!driver || !driver->raw || !driver->raw(c->d, (enum meter_calibrated)i, &raw[i]) ||
            absolute(raw[i].value) < 0.001f) {
            call_reply(c, "nothing is measured yet: switch the lamp on and wait a minute");
            return COMMAND_ERROR;
        }
    call_reply(c, "");
    for (int i = 0; i < METER_CALS; i++) {
        float factor = driver->divides ? raw[i].value / real[i] : real[i] / raw[i].value;
        meter_set_factor(c->d, (enum meter_calibrated)i, factor);
        tell_factor(c, names[i], factor, &raw[i]);
    }
    return COMMAND_OK;
}
/* Factors out and in, in OpenBeken's units. */
RUN(factors) {
    char line[DEVICE_LOG_LINE];
    struct text t = text_start(line, sizeof line);
    if (c->count && c->count < METER_CALS)
        return COMMAND_MISSING_ARGUMENT;
    for (unsigned i = 0; i < METER_CALS && c->count; i++)
        meter_set_factor(c->d, (enum meter_calibrated)i, call_float(c, i, 0));
    for (int i = 0; i < METER_CALS; i++) {
        if (i)
            text_char(&t, ' ');
        text_fixed(&t, (int64_t)((double)meter_factor(c->d, (enum meter_calibrated)i) * 1e9 + 0.5),
                   9);
    }
    call_answer(c, "MeterFactors ", line);
    return COMMAND_OK;
}
RUN(power_max) {
    float watts = call_float(c, 0, 0);
    if (watts > 200 && watts < 7200) {
        memcpy(c->d->config.calibration[3], &watts, sizeof watts);
        c->d->config_dirty = true;
    }
    return COMMAND_OK;
}
static void set_thresholds(struct meter_state *m, int from, int to, float value) {
    for (int i = from; i <= to; i++)
        m->threshold[i] = value;
}
RUN(publish_threshold) {
    struct meter_state *m = &c->d->metering;
    m->threshold[METER_VOLTAGE] = call_float(c, 0, 0);
    m->threshold[METER_CURRENT] = call_float(c, 1, 0);
    m->threshold[METER_POWER] = call_float(c, 2, 0);
    set_thresholds(m, METER_APPARENT_POWER, METER_REACTIVE_POWER, call_float(c, 2, 0));
    if (c->count > 3)
        set_thresholds(m, METER_ENERGY_LAST_HOUR, METER_ENERGY_3_DAYS_AGO, call_float(c, 3, 0));
    if (c->count > 4)
        m->threshold[METER_FREQUENCY] = call_float(c, 4, 0);
    return COMMAND_OK;
}
static uint16_t frames(int32_t seconds) {
    return (uint16_t)(seconds < 0 ? 0 : seconds > 3600 ? 3600 : seconds);
}
RUN(publish_intervals) {
    c->d->metering.least_frames = frames(call_int(c, 0, 5));
    c->d->metering.most_frames = frames(call_int(c, 1, 60));
    return COMMAND_OK;
}
static void set_digits(struct meter_state *m, int from, int to, int32_t digits) {
    for (int i = from; i <= to; i++)
        m->digits[i] = (uint8_t)(digits < 0 ? 0 : digits > 6 ? 6 : digits);
}
RUN(precision) {
    struct meter_state *m = &c->d->metering;
    static const uint8_t places[5][2] = {{METER_VOLTAGE, METER_VOLTAGE},
                                         {METER_CURRENT, METER_CURRENT},
                                         {METER_POWER, METER_POWER},
                                         {METER_ENERGY_TODAY, METER_ENERGY_3_DAYS_AGO},
                                         {METER_FREQUENCY, METER_FREQUENCY}};
    for (unsigned i = 0; i < 5 && i < c->count; i++)
        set_digits(m, places[i][0], places[i][1], call_int(c, i, 0));
    return COMMAND_OK;
}
RUN(average) {
    int32_t count = call_int(c, 0, 0);
    c->d->metering.smooth = (uint8_t)(count < 0 ? 0 : count > 250 ? 250 : count);
    return COMMAND_OK;
}
RUN(test_power) {
    c->d->metering.test.voltage = call_float(c, 0, 0);
    c->d->metering.test.current = call_float(c, 1, 0);
    c->d->metering.test.power = call_float(c, 2, 0);
    c->d->metering.test.frequency = call_float(c, 3, 50);
    c->d->metering.test.noise = call_int(c, 4, 0) != 0;
    return COMMAND_OK;
}
RUN(mode) {
    static const char *const names[PULSE_MODES] = {"fast", "balanced", "precise"};
    for (int i = 0; i < PULSE_MODES; i++)
        if (text_same(call_text(c, 0), names[i])) {
            c->d->metering.bl0937.mode = (uint8_t)i;
            pulse_rate_mode(&c->d->metering.bl0937.power, (enum pulse_mode)i);
            return COMMAND_OK;
        }
    return COMMAND_BAD_ARGUMENT;
}

#define AWAY(name, why)                                                                            \
    { name, "r", 0, 0, "...", "not in this build", 0, why }

/* V A W Hz, Wh in total and of the last hour; 0 for what is not measured. */
RUN(readings) {
    static const uint8_t told[] = {METER_VOLTAGE,   METER_CURRENT,      METER_POWER,
                                   METER_FREQUENCY, METER_ENERGY_TOTAL, METER_ENERGY_LAST_HOUR};
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    for (unsigned i = 0; i < sizeof told; i++) {
        double value = meter_reading(c->d, (enum meter_quantity)told[i]);
        bool known = value > -1e12 && value < 1e12;
        if (i)
            text_char(&t, ' ');
        text_fixed(&t, known ? (int64_t)(value * 1e6 + (value < 0 ? -0.5 : 0.5)) : 0, 6);
    }
    call_answer(c, "", line);
    return COMMAND_OK;
}

const struct command_row meter_rows[] = {
    {"GetReadings", "", 0, 0, "", HELP("V A W Hz, Wh in total and of the last hour"), readings,
     NULL},
    {"VoltageSet", "f", 1, 0, "volts", HELP("calibrates with the voltage that a reference shows"),
     voltage, NULL},
    {"CurrentSet", "f", 1, 0, "amps", HELP("calibrates with the current that a reference shows"),
     current, NULL},
    {"PowerSet", "f", 1, 0, "watts", HELP("calibrates with the power of a known load"), power,
     NULL},
    {"MeterCalibrate", "ff", 2, 0, "watts volts",
     HELP("calibrates all three with a lamp (power factor 1) and the mains voltage"), lamp, NULL},
    {"MeterFactors", "fff", 0, 0, "[volts amps watts]",
     HELP("the factors in use; with arguments sets them (0: the usual one)"), factors, NULL},
    {"PowerMax", "f", 1, 0, "watts", HELP("readings above are not believed (200 … 7200; 3680)"),
     power_max, NULL},
    {"VCPPublishThreshold", "f*", 3, 0, "volts amps watts [wh] [hz]",
     HELP("changes that are worth a message"), publish_threshold, NULL},
    {"VCPPublishIntervals", "i*", 2, 0, "least most", HELP("seconds between two messages (5, 60)"),
     publish_intervals, NULL},
    {"VCPPrecision", "i*", 1, 0, "volts [amps] [watts] [wh] [hz]", HELP("digits after the point"),
     precision, NULL},
    {"setMovingAvg", "i", 1, 0, "n", HELP("smooths power and current over n samples (0: off)"),
     average, NULL},
    {"MeterMode", "t", 1, 0, "fast|balanced|precise",
     HELP("how long the pulse meter looks before it tells (1, 4 or 15 s)"), mode, NULL},
    {"SetupTestPower", "f*", 3, 0, "volts amps watts [hz] [noise]",
     HELP("readings of the driver TESTPOWER"), test_power, NULL},
    AWAY("BL0942opts", "boards with two meters"),
};
const unsigned meter_row_count = sizeof meter_rows / sizeof *meter_rows;
