/* Sensors of temperature and humidity; see climate.h. Formats: data sheets of Sensirion SHT3x,
 * Sensylink CHT8305, Aosong DHT11 and DHT22, Maxim DS18B20. */
#include "device/board/climate.h"

#include "codec/openbeken/roles.h"
#include "device/board/soft_i2c.h"
#include "device/device.h"

#include <string.h>

enum {
    CYCLE_S = 10,
    SHT3X = 0x44,
    CHT83XX = 0x40,
    READ = 1,
    DHT_LEVELS = 83,      /* let go, answer low and high, 40 times low and high */
    DHT_START_US = 20000, /* long enough for the DHT11, not too long for the DHT22 */
    SKIP_ROM = 0xCC,
    CONVERT = 0x44,
    SCRATCHPAD = 0xBE,
};

static uint8_t crc8(const uint8_t *data, size_t size, uint8_t start) {
    uint8_t crc = start;
    for (; size; size--, data++) {
        crc ^= *data;
        for (int i = 0; i < 8; i++)
            crc = (uint8_t)(crc & 0x80 ? crc << 1 ^ 0x31 : crc << 1);
    }
    return crc;
}

/* The same polynomial, least significant bit first. */
static uint8_t crc8_reflected(const uint8_t *data, size_t size) {
    uint8_t crc = 0;
    for (; size; size--, data++) {
        crc ^= *data;
        for (int i = 0; i < 8; i++)
            crc = (uint8_t)(crc & 1 ? crc >> 1 ^ 0x8C : crc >> 1);
    }
    return crc;
}

/* humidity below 0: the sensor has none */
static void tell(struct device *d, unsigned pin, int32_t temperature, int32_t humidity) {
    const struct obk_pin *p = &d->config.pins[pin];
    channel_set(d, p->channel, temperature, CHANNEL_SILENT);
    if (humidity >= 0 && p->channel2 != p->channel)
        channel_set(d, p->channel2, humidity, CHANNEL_SILENT);
}

/* Writes the bytes behind the address, then stops. */
static bool order(struct device *d, const struct i2c_bus *bus, unsigned address,
                  const uint8_t *bytes, unsigned count) {
    bool heard = i2c_start(d, bus, (uint8_t)(address << 1));
    for (unsigned i = 0; i < count && heard; i++)
        heard = i2c_write(d, bus, bytes[i]);
    i2c_stop(d, bus);
    return heard;
}

static bool fetch(struct device *d, const struct i2c_bus *bus, unsigned address, uint8_t *bytes,
                  unsigned count) {
    bool heard = i2c_start(d, bus, (uint8_t)(address << 1 | READ));
    for (unsigned i = 0; i < count && heard; i++)
        bytes[i] = i2c_read(d, bus, i + 1 < count);
    i2c_stop(d, bus);
    return heard;
}

static uint32_t word(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static bool sht3x(struct device *d, bool read) {
    static const uint8_t measure[] = {0x24, 0x00}; /* high repeatability, no clock stretching */
    struct i2c_bus bus;
    uint8_t b[6];
    if (!i2c_find(d, &bus, OBK_ROLE_SHT3X_SCK, OBK_ROLE_SHT3X_SDA))
        return false;
    if (!read)
        return order(d, &bus, SHT3X, measure, sizeof measure);
    if (!fetch(d, &bus, SHT3X, b, sizeof b) || crc8(b, 2, 0xFF) != b[2] ||
        crc8(b + 3, 2, 0xFF) != b[5])
        return false;
    tell(d, bus.data, (int32_t)(word(b) * 1750 / 65535) - 450,
         (int32_t)((word(b + 3) * 100 + 32767) / 65535));
    return true;
}

static bool cht83xx(struct device *d, bool read) {
    static const uint8_t measure[] = {0x00}; /* pointing at the result begins a measurement */
    struct i2c_bus bus;
    uint8_t b[4];
    if (!i2c_find(d, &bus, OBK_ROLE_CHT83XX_SCK, OBK_ROLE_CHT83XX_SDA))
        return false;
    if (!read)
        return order(d, &bus, CHT83XX, measure, sizeof measure);
    if (!fetch(d, &bus, CHT83XX, b, sizeof b))
        return false;
    tell(d, bus.data, (int32_t)(word(b) * 1650 / 65535) - 400,
         (int32_t)((word(b + 2) * 100 + 32767) / 65535));
    return true;
}

bool dht_decode(const uint8_t *lengths_us, size_t count, uint8_t out[4]) {
    uint8_t bytes[5] = {0};
    if (count < DHT_LEVELS)
        return false;
    const uint8_t *bits = lengths_us + 3;
    for (unsigned i = 0; i < 40; i++) /* a one is high for longer than its low of 50 us */
        bytes[i / 8] = (uint8_t)(bytes[i / 8] << 1 | (bits[2 * i + 1] > bits[2 * i]));
    memcpy(out, bytes, 4);
    return (uint8_t)(bytes[0] + bytes[1] + bytes[2] + bytes[3]) == bytes[4];
}

static bool dht_pin(struct device *d, unsigned pin, unsigned role) {
    uint8_t lengths[DHT_LEVELS], b[4];
    size_t count = d->hal.pin_levels(d->hal.context, pin, DHT_START_US, lengths, sizeof lengths);
    if (!dht_decode(lengths, count, b))
        return false;
    bool old = role == OBK_ROLE_DHT11 ||
               role == OBK_ROLE_DHT12; /* whole units and tenths in a byte each */
    int32_t humidity = old ? b[0] : (int32_t)(word(b) + 5) / 10;
    int32_t tenths = old ? b[2] * 10 + (b[3] & 0x7F) : (int32_t)(word(b + 2) & 0x7FFF);
    bool below = (old ? b[3] : b[2]) & 0x80;
    tell(d, pin, below ? -tenths : tenths, humidity);
    return true;
}

static bool is_dht(unsigned role) {
    return role == OBK_ROLE_DHT11 || role == OBK_ROLE_DHT12 || role == OBK_ROLE_DHT21 ||
           role == OBK_ROLE_DHT22;
}

static bool dht(struct device *d, bool read) {
    bool all = d->hal.pin_levels != NULL;
    for (unsigned pin = 0; read && all && pin < d->hal.chip.pins; pin++)
        if (is_dht(board_role(d, pin)))
            all = dht_pin(d, pin, board_role(d, pin));
    return all;
}

static bool ds18b20_pin(struct device *d, unsigned pin, bool read) {
    static const uint8_t convert[] = {SKIP_ROM, CONVERT}, ask[] = {SKIP_ROM, SCRATCHPAD};
    uint8_t b[9];
    if (!read)
        return d->hal.one_wire(d->hal.context, pin, convert, sizeof convert, NULL, 0);
    if (!d->hal.one_wire(d->hal.context, pin, ask, sizeof ask, b, sizeof b) ||
        crc8_reflected(b, 8) != b[8])
        return false;
    int16_t sixteenths = (int16_t)(b[1] << 8 | b[0]);
    tell(d, pin, sixteenths * 100 / 16, -1);
    return true;
}

static bool ds18b20(struct device *d, bool read) {
    bool all = d->hal.one_wire != NULL;
    for (unsigned pin = 0; all && pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == OBK_ROLE_DS1820_IO)
            all = ds18b20_pin(d, pin, read);
    return all;
}

/* Is such a sensor on some pin? */
static bool present(const struct device *d, enum climate_kind kind) {
    static const uint8_t roles[] = {[CLIMATE_SHT3X] = OBK_ROLE_SHT3X_SDA,
                                    [CLIMATE_CHT83XX] = OBK_ROLE_CHT83XX_SDA,
                                    [CLIMATE_DS18B20] = OBK_ROLE_DS1820_IO};
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned role = board_role(d, pin);
        if (role && (kind == CLIMATE_DHT ? is_dht(role) : role == roles[kind]))
            return true;
    }
    return false;
}

/* A measurement is asked for, and read a second later. */
static void step(struct device *d, enum climate_kind kind) {
    static bool (*const sensors[])(struct device *, bool) = {
        [CLIMATE_SHT3X] = sht3x,
        [CLIMATE_CHT83XX] = cht83xx,
        [CLIMATE_DHT] = dht,
        [CLIMATE_DS18B20] = ds18b20,
    };
    static const char *const names[] = {"SHT3X", "CHT83XX", "DHT", "DS18B20"};
    struct climate *c = &d->board.climate;
    uint8_t bit = (uint8_t)(1 << kind);
    if (c->left_s[kind] && --c->left_s[kind])
        return;
    bool read = c->asked & bit, good = sensors[kind](d, read);
    c->asked = !read && good ? c->asked | bit : c->asked & (uint8_t)~bit;
    c->left_s[kind] = c->asked & bit ? 1 : CYCLE_S - 1;
    if (!good && !(c->silent & bit))
        device_log2(d, LOG_WARN, "sensor", names[kind], " does not answer, or not as it should");
    c->silent = good ? c->silent & (uint8_t)~bit : c->silent | bit;
}

void climate_second(struct device *d) {
    for (unsigned kind = 0; kind < CLIMATE_KINDS; kind++)
        if (present(d, (enum climate_kind)kind))
            step(d, (enum climate_kind)kind);
}
