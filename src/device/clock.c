/* Local time; see clock.h. Days are counted with the proleptic Gregorian calendar.
 * The sun follows the usual low-precision formulas (equation of time and declination from the mean
 * anomaly, zenith 90.8333 degrees), with an error of two minutes at 45
 * degrees and up to four at 65. */
#include "device/clock.h"

#include "base/text.h"
#include "device/device.h"
#include "device/number.h"
#include <string.h>

#include <math.h>

enum { DAY_S = 86400, DAY_2000 = 10957 };
#define TURN            6.28318531f
#define HORIZON_DEGREES (-0.8333f)

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

void two_digits(int value, struct text *out) {
    text_char(out, (char)('0' + value / 10 % 10));
    text_char(out, (char)('0' + value % 10));
}

void civil_text(struct civil c, enum civil_finest finest, struct text *out) {
    const int parts[] = {c.month, c.day, c.hour, c.minute, c.second};
    text_int(out, c.year);
    for (int i = 0; i <= 3 + (int)finest; i++) {
        text_char(out, "--T::"[i]);
        two_digits(parts[i], out);
    }
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
        d->wiring->event(d, EVENT_NTP_STATE, 1, 0, 0);
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

static float wrap(float value, float range) {
    value = fmodf(value, range);
    return value < 0 ? value + range : value;
}

struct sun {
    float declination; /* rad */
    float equation_h;  /* sundial minus clock, hours */
};

/* The sun at noon of a day, counted from 2000-01-01. */
static struct sun sun_at(int32_t days) {
    float t = (float)days / 36525.0f;
    float mean = wrap(18.71506921f + 2400.0513369f * t, 24);
    float m = wrap(TURN * (0.993133f + 99.997361f * t), TURN);
    float l = wrap(TURN * (0.7859453f + m / TURN +
                           (6893.0f * sinf(m) + 72.0f * sinf(2 * m) + 6191.2f * t) / 1296.0e3f),
                   TURN);
    const float tilt = 0.40904f;
    float ascension = atanf(tanf(l) * cosf(tilt));
    ascension += ascension < 0 ? TURN / 2 : 0;
    ascension += l > TURN / 2 ? TURN / 2 : 0;
    float difference = mean - ascension * 24 / TURN;
    difference += difference < -12 ? 24 : difference > 12 ? -24 : 0;
    return (struct sun){asinf(sinf(tilt) * sinf(l)), difference * 1.0027379f};
}

int32_t clock_sun_on(const struct device *d, int64_t local_day, bool rise) {
    const struct local_clock *c = &d->script.clock;
    struct sun sun = sun_at((int32_t)(local_day - DAY_2000));
    float latitude = c->latitude * TURN / 360;
    float half = (sinf(HORIZON_DEGREES * TURN / 360) - sinf(latitude) * sinf(sun.declination)) /
                 (cosf(latitude) * cosf(sun.declination));
    if (!(half >= -1 && half <= 1))
        return -1;
    half = 24 * acosf(half) / TURN;
    float hours = 12 - sun.equation_h + (rise ? -half : half) - c->longitude / 15 +
                  (float)clock_offset(d) / 3600;
    return (int32_t)(wrap(hours + 1 / 120.0f, 24) * 60) * 60;
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
    int seconds = number_int(number_read(p, strlen(p))) * 3600;
    if (colon)
        seconds += number_int(number_read(colon + 1, strlen(colon + 1))) * 60;
    if (seconds > 15 * 3600)
        return STATUS_BAD_VALUE;
    d->script.clock.zone_s = negative ? -seconds : seconds;
    return STATUS_OK;
}
