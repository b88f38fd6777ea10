/* Relay, meter chip and their wires; see plug_mains.h. */
#include "virtual/plug/plug_mains.h"

#include "device/meter/meter.h"
#include "device/role_groups.h"

#include <stdlib.h>
#include <string.h>

/* Which chip is behind which driver. */
static const struct {
    const char *driver;
    uint8_t meter, kind;
} chips[] = {
    {"BL0937", MAINS_PULSE_METER, 0},          {"BL0942", MAINS_UART_METER, UART_BL0942},
    {"BL0940", MAINS_UART_METER, UART_BL0940}, {"CSE7766", MAINS_UART_METER, UART_CSE7766},
    {"RN8209", MAINS_UART_METER, UART_RN8209},
};

/* Is a contact of one relay's coil closed? Bridges hold their state without their pins. */
static bool coil_on(const struct plug *plug, unsigned pin) {
    const struct device *d = &plug->device;
    unsigned bits = role_bits(board_role(d, pin)), channel = d->config.pins[pin].channel;
    if (bits & ROLE_PULSED)
        return channel < CHANNEL_COUNT && d->channels.value[channel] > 0;
    return plug->chip.pins[pin].mode == HAL_PIN_OUTPUT &&
           plug->chip.pins[pin].out != ((bits & ROLE_INVERTED) != 0);
}

/* Without any relay the load is always connected. */
static bool load_on(const struct plug *plug) {
    const struct device *d = &plug->device;
    bool relays = false;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        if (!(role_bits(board_role(d, pin)) & ROLE_RELAY))
            continue;
        relays = true;
        if (coil_on(plug, pin))
            return true;
    }
    return !relays;
}

/* Does a coil hold the load's contact? Without power it opens then. */
static bool driven(const struct plug *plug) {
    for (unsigned pin = 0; pin < plug->device.hal.chip.pins; pin++) {
        unsigned bits = role_bits(board_role(&plug->device, pin));
        if (bits & ROLE_RELAY && !(bits & ROLE_PULSED))
            return true;
    }
    return false;
}

static void edge(void *context, uint64_t now_us, bool is_cf) {
    struct plug *plug = context;
    const struct bl0937 *b = &plug->device.metering.bl0937;
    unsigned pin = is_cf ? b->cf : b->cf1;
    plug->chip.now_us = now_us;
    if (pin != BL0937_NO_PIN)
        device_on_edge(&plug->device, pin, false);
}

static void byte(void *context, uint64_t now_us, uint8_t value) {
    struct plug *plug = context;
    unsigned port = plug->device.metering.uart.port;
    if (now_us > plug->chip.now_us)
        plug->chip.now_us = now_us;
    if (plug->chip.uart[port].parity == plug->mains->uart.parity) /* else framing errors */
        device_on_uart(&plug->device, port, &value, 1);
}

static void hear(void *context, unsigned port, const uint8_t *data, size_t size) {
    struct plug *plug = context;
    if (plug->mains && port == plug->device.metering.uart.port)
        uart_chip_hear(&plug->mains->uart, data, size, plug->chip.now_us);
    if (plug->on_transmit)
        plug->on_transmit(plug->transmit_context, port, data, size);
}

void plug_mains_wire(struct plug *plug) {
    plug->chip.on_uart = hear;
    plug->chip.uart_context = plug;
}

void plug_mains_free(struct plug *plug) {
    if (plug->mains)
        mains_free(plug->mains);
    free(plug->mains);
    plug->mains = NULL;
}

/* Solders in the chip that the running driver reads. */
static void fit_meter(struct plug *plug) {
    struct mains *m = plug->mains;
    const struct meter_driver *driver = plug->device.metering.driver;
    m->meter = MAINS_NO_METER;
    for (unsigned i = 0; driver && i < sizeof chips / sizeof *chips; i++) {
        if (strcmp(chips[i].driver, driver->name) != 0)
            continue;
        m->meter = (enum mains_meter)chips[i].meter;
        if (m->meter == MAINS_UART_METER && m->uart.kind != chips[i].kind)
            uart_chip_init(&m->uart, (enum uart_chip_kind)chips[i].kind, m->seed);
    }
}

static void follow_pins(struct plug *plug) {
    struct mains *m = plug->mains;
    const struct bl0937 *b = &plug->device.metering.bl0937;
    contact_coil(&m->contact, load_on(plug), m->now_us);
    m->always_on = m->contact.coil && !driven(plug);
    if (m->meter == MAINS_PULSE_METER && b->sel < VIRTUAL_PINS)
        pulse_chip_select(&m->pulse, virtual_pin_level(&plug->chip, b->sel) != b->sel_inverted,
                          (double)m->now_us * 1e-6);
}

void plug_mains_run(struct plug *plug, uint64_t until_us) {
    const struct mains_outlet out = {plug, edge, byte};
    if (plug->mains && until_us > plug->mains->now_us) {
        fit_meter(plug);
        follow_pins(plug);
        mains_run(plug->mains, until_us, &out);
    }
    plug->chip.now_us = until_us;
}

bool plug_mains_ideal(const struct plug *plug) {
    return plug->mains && !plug->device.metering.driver;
}

/* The ideal meter: without noise and without a chip. */
void plug_mains_second(struct plug *plug) {
    if (!plug_mains_ideal(plug))
        return;
    const struct truth *t = &plug->mains->truth;
    struct meter_sample sample = {.voltage = (float)t->volts,
                                  .current = (float)t->amps,
                                  .power = (float)t->watts,
                                  .frequency = (float)t->hz};
    meter_take(&plug->device, &sample);
}

enum status plug_load(struct plug *plug, const char *profile, struct fault *fault) {
    bool fresh = !plug->mains;
    if (!*profile) {
        plug_mains_free(plug);
        plug->device.metering.present = plug->device.metering.driver != NULL;
        return STATUS_OK;
    }
    if (fresh) {
        plug->mains = malloc(sizeof *plug->mains);
        if (!plug->mains)
            return STATUS_NO_SPACE;
        mains_init(plug->mains, plug->chip.random);
        plug->mains->now_us = plug->chip.now_us;
        plug->mains->contact.coil = load_on(plug);
        plug->drops = 0;
    }
    enum status status = mains_set_load(plug->mains, profile, fault);
    if (status != STATUS_OK && fresh)
        plug_mains_free(plug);
    return status;
}

enum status plug_set_load(struct plug *plug, const char *profile) {
    return plug_load(plug, profile, NULL);
}

const struct truth *plug_truth(const struct plug *plug) {
    return plug->mains ? &plug->mains->truth : NULL;
}
