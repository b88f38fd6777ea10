/* One row per chip. Ids as the public SDKs check them; peripherals by the three PWM layouts.
 * Adding a chip: a row here, and a register file if one of its peripherals is new. */
#include "virtual/soc/board.h"

#include "base/text.h"

#define COMMON                                                                                     \
    &soc_icu, &soc_uarts, &soc_gpio, &soc_flash_controller, &soc_watchdog, &soc_sctrl, &soc_sleep, \
        &soc_trng, &soc_adc, &soc_radio_ble, &soc_mac

#define POINTERS SOC_HANDOVER_POINTERS
#define VECTORS  SOC_HANDOVER_VECTORS
#define WITH(...)                                                                                  \
    { COMMON, __VA_ARGS__ }
#define PWM_OLD      WITH(&soc_timers, &soc_pwm_old)
#define PWM_NEW      WITH(&soc_timers, &soc_pwm_new)
#define PWM_ORIGINAL WITH(&soc_pwm_original)
#define PWM_UNKNOWN  WITH(&soc_timers) /* where its registers stand is not known: plain memory */

const struct soc_chip soc_chips[] = {
    {"bk7231n", 0x7231C, 0x20521010, 0x1C7015, "plain", 0, POINTERS, PWM_NEW},
    {"bk7231m", 0x7231C, 0x20521010, 0x1C7015, "plain", 0, POINTERS, PWM_NEW},
    {"bl2028n", 0x7231C, 0x20A21020, 0x1C7015, "plain", 0, POINTERS, PWM_NEW},
    {"bk7231t", 0x7231A, 0x18520001, 0x1C7015, "plain", 0, VECTORS, PWM_OLD},
    {"bk7231u", 0x7231A, 0x18520001, 0x1C7015, "plain", 0, VECTORS, PWM_OLD},
    {"bk7231q", 0x7231A, 0x18520001, 0x1C7015, "first", 0, VECTORS, PWM_ORIGINAL},
    {"bk7238", 0x7238, 0x21120000, 0x1C7015, "status", 0, POINTERS, PWM_NEW},
    {"bk7252", 0x7221A, 0x18221020, 0x1C7016, "status", 1, VECTORS, PWM_OLD},
    {"bk7252n", 0x7252A, 0x23A10000, 0x1C7016, "status", 0, POINTERS, PWM_UNKNOWN},
    {0},
};

const struct soc_chip *soc_chip_find(const char *name) {
    for (const struct soc_chip *chip = soc_chips; chip->name; chip++)
        if (text_same(chip->name, name))
            return chip;
    return 0;
}
