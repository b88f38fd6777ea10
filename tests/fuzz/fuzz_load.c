/* What is plugged in, as text or recording: any text is a profile or one fault inside it, and what
 * it draws is a finite number at any time. */
#include "virtual/mains/mains.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void ignore_edge(void *context, uint64_t now_us, bool is_cf) {
    (void)context, (void)now_us, (void)is_cf;
}
static void ignore_byte(void *context, uint64_t now_us, uint8_t byte) {
    (void)context, (void)now_us, (void)byte;
}

static void flow(const char *text) {
    static const struct mains_outlet out = {NULL, ignore_edge, ignore_byte};
    struct mains m;
    mains_init(&m, 1);
    if (mains_set_load(&m, text, NULL) == STATUS_OK) {
        m.meter = MAINS_UART_METER;
        uart_chip_init(&m.uart, UART_CSE7766, 1);
        mains_run(&m, 1500000, &out);
        if (!isfinite(m.truth.watts) || !isfinite(m.truth.amps) || !isfinite(m.truth.joules))
            abort();
    }
    mains_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct load_profile p = {.steps = 0};
    struct fault fault = {0};
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    if (load_parse(&p, text, &fault) != STATUS_OK && fault.offset > size)
        abort();
    load_free(&p);
    flow(text);
    free(text);
    return 0;
}
