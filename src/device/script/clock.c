/* Local time; see clock.h. Days are counted with the proleptic Gregorian calendar.
 * Source of the sunrise formula: Almanac for Computers, US Naval Observatory, 1990. */
#include "device/script/clock.h"

#include "base/text.h"
#include "device/device.h"
#include "device/script/events.h"
#include "device/script/expression.h"
#include <string.h>

#include <math.h>

enum { DAY_S = 86400 };
#define RADIANS 0.017453292519943295

int64_t civil_days(int year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

struct civil civil_of(int64_t epoch) {
    int64_t days = floor_div(epoch, DAY_S), s = epoch - days * DAY_S;
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){(int)(yoe + era * 400) + (month <= 2),
                          month,
                          (int)(doy - (153 * mp + 2) / 5 + 1),
                          (int)(s / 3600),
                          (int)(s / 60 % 60),
                          (int)(s % 60),
                          (int)((days + 4) % 7 + 7) % 7};
}

void clock_init(struct device *d) {
    struct local_clock *c = &d->script.clock;
    *c = (struct local_clock){.latitude = 43.994131f, .longitude = -123.095854f};
}

void clock_set(struct device *d, int64_t epoch) {
    bool first = !d->clock_set;
    d->clock_set = true;
    d->clock_epoch = epoch;
    if (first)
        events_fire(d, EVENT_NTP_STATE, 1, 0, 0);
}

int64_t clock_now(const struct device *d) {
    return d->clock_set ? d->clock_epoch : 0;
}

/* UTC second of one change in that year; `before_min` is the saving valid before it. */
static int64_t change_at(const struct local_clock *c, const struct dst_change *r, int year,
                         int before_min) {
    int64_t first = civil_days(year, r->month, 1);
    int64_t next = r->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, r->month + 1, 1);
    int64_t day;
    int wanted = r->day - 1;
    if (r->week == 0) {
        day = next - 1;
        day -= (((day + 4) % 7) - wanted + 7) % 7;
    } else {
        day = first + (wanted - (first + 4) % 7 + 7) % 7 + 7 * (r->week - 1);
    }
    return day * DAY_S + r->hour * 3600 - c->zone_s - before_min * 60;
}

int32_t clock_dst_offset(const struct device *d) {
    const struct local_clock *c = &d->script.clock;
    if (!c->has_dst || !d->clock_set)
        return 0;
    int64_t now = clock_now(d);
    int year = civil_of(now + c->zone_s).year;
    const struct dst_change *a = &c->dst[0], *b = &c->dst[1];
    int64_t first = change_at(c, a, year, b->offset_min);
    int64_t second = change_at(c, b, year, a->offset_min);
    int16_t minutes;
    if (first < second)
        minutes = now >= first && now < second ? a->offset_min : b->offset_min;
    else
        minutes = now >= second && now < first ? b->offset_min : a->offset_min;
    return minutes * 60;
}

bool clock_dst(const struct device *d) {
    return clock_dst_offset(d) != 0;
}
int32_t clock_offset(const struct device *d) {
    return d->script.clock.zone_s + clock_dst_offset(d);
}
struct civil clock_local(const struct device *d) {
    return civil_of(d->clock_set ? clock_now(d) + clock_offset(d) : 0);
}

static double wrap(double value, double range) {
    value = fmod(value, range);
    return value < 0 ? value + range : value;
}

int32_t clock_sun_on(const struct device *d, int64_t local_day, bool rise) {
    const struct local_clock *c = &d->script.clock;
    struct civil t = civil_of(local_day * DAY_S);
    double n = (double)(local_day - civil_days(t.year, 1, 1)) + 1;
    double hour = (double)c->longitude / 15;
    double when = n + ((rise ? 6 : 18) - hour) / 24;
    double m = 0.9856 * when - 3.289;
    double l = wrap(m + 1.916 * sin(m * RADIANS) + 0.020 * sin(2 * m * RADIANS) + 282.634, 360);
    double ra = wrap(atan(0.91764 * tan(l * RADIANS)) / RADIANS, 360);
    ra = (ra + floor(l / 90) * 90 - floor(ra / 90) * 90) / 15;
    double declination = asin(0.39782 * sin(l * RADIANS));
    double latitude = (double)c->latitude * RADIANS;
    double h = (cos(90.8333 * RADIANS) - sin(declination) * sin(latitude)) /
               (cos(declination) * cos(latitude));
    if (!(h >= -1 && h <= 1))
        return -1;
    h = acos(h) / RADIANS;
    h = (rise ? 360 - h : h) / 15;
    double utc = wrap(h + ra - 0.06571 * when - 6.622 - hour, 24);
    double local = wrap(utc + clock_offset(d) / 3600.0, 24);
    return (int32_t)floor(local * 60 + 0.5) % 1440 * 60;
}

int32_t clock_sun(const struct device *d, bool rise) {
    return clock_sun_on(d, floor_div(clock_now(d) + clock_offset(d), DAY_S), rise);
}

enum status clock_set_zone(struct device *d, const char *text) {
    bool negative = *text == '-';
    const char *p = text + (negative || *text == '+');
    const char *colon = strchr(p, ':');
    if (!text_is_digit(*p) || (colon && !text_is_digit(colon[1])))
        return STATUS_BAD_VALUE;
    int seconds = expression_int(number_read(p, strlen(p))) * 3600;
    if (colon)
        seconds += expression_int(number_read(colon + 1, strlen(colon + 1))) * 60;
    if (seconds > 15 * 3600)
        return STATUS_BAD_VALUE;
    d->script.clock.zone_s = negative ? -seconds : seconds;
    return STATUS_OK;
}
