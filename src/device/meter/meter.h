/* The metering room: one contract for all meters. A driver delivers samples; readings, events,
 * publishing, statistics and the energy ledger follow from the sample and the table of quantities.
 * Adding a meter: one .c with its `struct meter_driver`, one row in meter.c and one in drivers.c,
 * one test.
 *
 * Meanings of thresholds, intervals and figures: openshwprojects/OpenBK7231T_App
 * (src/driver/drv_bl_shared.c). */
#ifndef DEVICE_METER_METER_H
#define DEVICE_METER_METER_H
#include "device/meter/bl0937.h"
#include "device/meter/calibrated.h"
#include "device/meter/energy_stats.h"
#include "device/meter/history.h"
#include "device/meter/ledger.h"
#include "device/meter/protection.h"
#include "device/meter/uart_meter.h"

struct device;

/* One measurement. NaN: not measured. */
struct meter_sample {
    float voltage, current, power, frequency; /* V, A, W, Hz */
    bool counted;                             /* `energy_uwh` comes from the chip's counter */
    uint64_t energy_uwh;                      /* since the last sample */
};

enum meter_quantity {
    METER_VOLTAGE,
    METER_CURRENT,
    METER_POWER,
    METER_FREQUENCY,
    METER_APPARENT_POWER,
    METER_REACTIVE_POWER,
    METER_POWER_FACTOR,
    METER_ENERGY_TOTAL,
    METER_ENERGY_LAST_HOUR,
    METER_ENERGY_TODAY,
    METER_ENERGY_YESTERDAY,
    METER_ENERGY_2_DAYS_AGO,
    METER_ENERGY_3_DAYS_AGO,
    METER_CLEAR_DATE, /* UTC seconds */
    METER_QUANTITIES
};

/* One quantity: how it is called, how finely it is told, and when it is told. */
struct meter_quantity_row {
    const char *topic; /* below the client's name */
    const char *title, *unit;
    const char *device_class; /* of Home Assistant */
    uint8_t unique;           /* suffix of its identity there */
    uint8_t digits;
    bool energy; /* in kWh with flag 40 */
    float threshold;
    uint8_t event;  /* enum event_code; 0: none */
    uint16_t scale; /* event argument = value * scale */
};
extern const struct meter_quantity_row meter_quantity_rows[METER_QUANTITIES];

/* What a long look at the chip's own figures says: the base of calibration. */
struct meter_raw {
    float value; /* Hz of pulses, or the chip's number */
    float error; /* known to this fraction; 0: not stated */
    float seconds;
};

struct meter_driver {
    const char *name; /* as in drivers.c */
    bool divides;     /* value = raw / factor; else raw * factor */
    float factor[METER_CALS];
    void (*start)(struct device *d, const char *arguments);
    void (*stop)(struct device *d);
    void (*second)(struct device *d); /* delivers samples with meter_take */
    void (*edge)(struct device *d, unsigned pin, bool level);
    void (*uart)(struct device *d, unsigned port, const uint8_t *data, size_t size);
    uint32_t (*tick)(struct device *d); /* returns ms until it must run again */
    bool (*raw)(struct device *d, enum meter_calibrated what, struct meter_raw *out);
    /* Power at this moment, and current where it is told, for protection: quick rather than exact.
     * False: not known. */
    bool (*now)(struct device *d, struct load_moment *m);
};

struct meter_state {
    const struct meter_driver *driver; /* NULL: none */
    struct ledger ledger;
    struct history history;
    struct energy_stats stats;
    struct protection protection;
    bool present;                    /* readings come in, from a driver or from outside */
    float live[METER_FREQUENCY + 1]; /* the last sample; NaN: not known */
    float sent[METER_QUANTITIES];
    uint16_t frames[METER_QUANTITIES]; /* samples since it was sent */
    float threshold[METER_QUANTITIES];
    uint8_t digits[METER_QUANTITIES];
    uint16_t least_frames, most_frames; /* between two messages */
    uint8_t smooth;                     /* moving average over so many; 0, 1: off */
    uint64_t energy_rest;               /* µWh * 3.6e9 not yet booked */
    uint64_t sampled_us;                /* when the last sample came; 0: never */
    uint32_t next_ms;                   /* until the driver must run */
    uint64_t second_uwh, sample_uwh; /* energy since the last second tick; since the last sample */
    uint64_t ahead_uwh;              /* booked before it was told */
    bool second_sampled;
    struct {
        float voltage, current, power, frequency;
        uint16_t noise;
    } test; /* TESTPOWER */
    struct bl0937 bl0937;
    struct uart_meter uart;
};

/* Microseconds since the start, by the finest clock there is. */
uint64_t meter_now_us(const struct device *d);

/* Called by the core. */
void meter_start(struct device *d); /* after the store is there */
void meter_save(struct device *d);  /* before a restart */
void meter_second(struct device *d);
uint32_t meter_tick(struct device *d);
void meter_edge(struct device *d, unsigned pin, bool level);
void meter_uart(struct device *d, unsigned port, const uint8_t *data, size_t size);

/* A driver runs now; NULL: none. */
void meter_use(struct device *d, const struct meter_driver *driver);
void meter_take(struct device *d, const struct meter_sample *sample);
/* Energy between two samples: a driver that can books it in steps of LEDGER_STEP_UWH. */
void meter_book(struct device *d, uint64_t uwh);
/* The same for energy that the next samples will tell again: it is taken off them. */
void meter_book_ahead(struct device *d, uint64_t uwh);
/* Factor in use, and a new one, which is saved. */
float meter_factor(const struct device *d, enum meter_calibrated what);
void meter_set_factor(struct device *d, enum meter_calibrated what, float factor);
/* Raw number to V, A or W by the driver's factor. */
float meter_value(const struct device *d, enum meter_calibrated what, float raw);
/* Highest power that is believed, W. */
float meter_power_limit(const struct device *d);

/* NaN: not known. */
double meter_reading(const struct device *d, enum meter_quantity quantity);
/* The same with 0 for what is not known: for formats without a word for it. */
double meter_reading_or_0(const struct device *d, enum meter_quantity quantity);
/* Which quantities this plug has, for pages and discovery. */
bool meter_has(const struct device *d, enum meter_quantity quantity);
/* The value as it is published: digits cut, kWh with flag 40. */
void meter_text(const struct device *d, enum meter_quantity quantity, struct text *out);
/* Messages (publish.c): what is due after a sample; everything that is known, at once; the report
 * of the statistics. */
void meter_publish_due(struct device *d);
void meter_publish_all(struct device *d);
void meter_publish_stats(struct device *d);

/* Of every meter on a UART; see uart_meter.h. */
bool uart_meter_raw(struct device *d, enum meter_calibrated what, struct meter_raw *out);

extern const struct meter_driver bl0937_driver, bl0940_driver, bl0942_driver, cse7766_driver,
    rn8209_driver, testpower_driver;
#endif
