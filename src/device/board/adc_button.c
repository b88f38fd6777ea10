/* Several buttons on one analog pin, told apart by the voltage each divides down to. The thresholds
 * cut the range into zones; the zone's number, once the reading has stayed in it, goes to the pin's
 * channel and to the event OnADCButton. Without thresholds there is one zone and nothing happens.
 */
#include "device/board/board.h"
#include "device/board/pins.h"
#include "device/device.h"

enum { LOOK_MS = 50, SETTLE_MS = 100 };

bool adc_button_map(struct device *d, const uint16_t *thresholds, unsigned count) {
    struct board *b = &d->board;
    if (count > ADC_BUTTON_THRESHOLDS)
        return false;
    for (unsigned i = 1; i < count; i++)
        if (thresholds[i] <= thresholds[i - 1])
            return false;
    for (unsigned i = 0; i < ADC_BUTTON_THRESHOLDS; i++)
        b->adc_thresholds[i] = i < count ? thresholds[i] : 0;
    return true;
}

static unsigned zone(struct device *d, unsigned pin) {
    const uint16_t *thresholds = d->board.adc_thresholds;
    int value = board_adc(d, pin);
    unsigned i = 0;
    while (i < ADC_BUTTON_THRESHOLDS && thresholds[i] && value >= thresholds[i])
        i++;
    return i;
}

/* `presses` is the zone told last, `button` the one that is settling. */
void adc_button_start(struct device *d, unsigned pin) {
    struct pin_state *p = &d->board.pins[pin];
    p->presses = p->button = (uint8_t)zone(d, pin);
}

static void look(struct device *d, unsigned pin, uint32_t elapsed_ms) {
    struct pin_state *p = &d->board.pins[pin];
    unsigned now = zone(d, pin);
    if (now != p->button || now == p->presses) {
        p->button = (uint8_t)now;
        p->unstable_ms = 0;
        return;
    }
    p->unstable_ms = (uint16_t)(p->unstable_ms + elapsed_ms);
    if (p->unstable_ms < SETTLE_MS)
        return;
    p->presses = (uint8_t)now;
    p->unstable_ms = 0;
    channel_set(d, d->config.pins[pin].channel, (int32_t)now, 0);
    d->wiring->event(d, EVENT_ON_ADC_BUTTON, (int32_t)now, 0, 0);
}

void adc_button_tick(struct device *d, uint32_t elapsed_ms) {
    if (!d->board.adc_thresholds[0])
        return;
    for (uint64_t pins = d->board.is_adc; pins; pins &= pins - 1) {
        unsigned pin = (unsigned)__builtin_ctzll(pins);
        if (board_role(d, pin) == OBK_ROLE_ADC_BUTTON)
            look(d, pin, elapsed_ms > LOOK_MS ? LOOK_MS : elapsed_ms);
    }
}

uint32_t adc_button_next_ms(const struct device *d) {
    for (uint64_t pins = d->board.adc_thresholds[0] ? d->board.is_adc : 0; pins; pins &= pins - 1)
        if (board_role(d, (unsigned)__builtin_ctzll(pins)) == OBK_ROLE_ADC_BUTTON)
            return LOOK_MS;
    return UINT32_MAX;
}
