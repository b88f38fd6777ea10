/* Local time: zone, daylight saving rules, calendar and the sun, over the device clock. Sun times
 * have zenith 90.8333 degrees and are rounded to minutes. */
#ifndef DEVICE_CLOCK_H
#define DEVICE_CLOCK_H
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

struct civil {
    int year, month, day, hour, minute, second, weekday; /* 0 Sunday */
};
struct civil civil_of(int64_t epoch);
int64_t civil_days(int year, int month, int day); /* since 1970-01-01 */
/* "2024-11-20T09:13" or with ":05" behind. */
enum civil_finest { CIVIL_MINUTE, CIVIL_SECOND };
void civil_text(struct civil c, enum civil_finest finest, struct text *out);
/* The last two digits of a number. */
void two_digits(int value, struct text *out);

void clock_init(struct device *d);
/* Sets UTC; NTP and scripts call it. Fires NTPState on the first time. */
void clock_set(struct device *d, int64_t epoch);
int64_t clock_now(const struct device *d);
int32_t clock_offset(const struct device *d); /* zone and daylight saving, s */
bool clock_dst(const struct device *d);
int32_t clock_dst_offset(const struct device *d);
struct civil clock_local(const struct device *d);
/* Seconds after local midnight of today; -1 when it does not happen. */
int32_t clock_sun(const struct device *d, bool rise);
int32_t clock_sun_on(const struct device *d, int64_t local_day, bool rise);
/* Hours or [-]HH:MM. */
enum status clock_set_zone(struct device *d, const char *text);
#endif
