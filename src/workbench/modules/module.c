/* Looking up modules and unfolding their pads. */
#include "workbench/modules/module.h"

#include "base/text.h"
#include <string.h>

/* Names compare without case, blanks, and `_` counts as `-`. */
static bool name_same(const char *a, const char *b) {
    for (;; a++, b++) {
        while (text_is_space(*a))
            a++;
        while (text_is_space(*b))
            b++;
        char x = *a == '_' ? '-' : text_lower(*a), y = *b == '_' ? '-' : text_lower(*b);
        if (x != y)
            return false;
        if (!x)
            return true;
    }
}

const struct module *module_find(const char *name) {
    for (size_t i = 0; name && i < module_count; i++)
        if (name_same(modules[i].name, name))
            return &modules[i];
    return NULL;
}

const struct module *module_generic(const char *chip) {
    for (size_t i = 0; chip && i < module_count; i++)
        if (modules[i].shape == MODULE_LIST && text_starts(modules[i].name, "GENERIC") &&
            text_same(modules[i].platform, chip))
            return &modules[i];
    return NULL;
}

/* UART that the chip's loader listens on. */
static const struct {
    const char *package, *rx, *tx;
} loaders[] = {
    {"bk", "UART_1_RX", "UART_1_TX"},
    {"ln882h", "UART_0_RX", "UART_0_TX"},
    {"rtl", "UART_2_RX", "UART_2_TX"},
};

static bool has_function(const char *functions, const char *name) {
    size_t size = strlen(name);
    for (const char *hit = functions; (hit = strstr(hit, name)); hit += size)
        if ((hit == functions || hit[-1] == ' ') && (hit[size] == ' ' || !hit[size]))
            return true;
    return false;
}

static const struct {
    const char *label;
    enum pad_use use;
} uses[] = {{"3V3", PAD_POWER}, {"GND", PAD_GROUND}, {"CEN", PAD_RESET}, {"-", PAD_NONE}};

static enum pad_use use_of(const struct module *module, const struct module_pad *pad) {
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (strcmp(uses[i].label, pad->label) == 0)
            return uses[i].use;
    for (size_t i = 0; i < sizeof loaders / sizeof *loaders; i++) {
        if (!text_starts(module->package, loaders[i].package))
            continue;
        if (has_function(pad->functions, loaders[i].rx))
            return PAD_RX;
        if (has_function(pad->functions, loaders[i].tx))
            return PAD_TX;
    }
    return pad->gpio >= 0 ? PAD_GPIO : PAD_OTHER;
}

/* P6 is 6, PA05 is 5, PB03 is 19. */
static int gpio_number(const char *label) {
    if (label[0] != 'P')
        return -1;
    int bank = label[1] == 'B' ? 16 : 0, value = 0;
    const char *p = label + (text_is_digit(label[1]) ? 1 : 2);
    if (!text_is_digit(*p))
        return -1;
    for (; text_is_digit(*p); p++)
        value = value * 10 + (*p - '0');
    return bank + value;
}

static void copy(char *out, size_t size, const char *from, size_t length) {
    struct text text = text_start(out, size);
    text_add_n(&text, from, length);
}

static void pad_fill(const struct module *module, struct module_pad *pad) {
    const struct package *package = package_find(module->package);
    pad->gpio = gpio_number(pad->label);
    pad->functions = "";
    for (size_t i = 0; package && i < package->count; i++)
        if (strcmp(package->pins[i].gpio, pad->label) == 0) {
            pad->ic_pin = package->pins[i].ic_pin;
            pad->functions = package->pins[i].functions;
        }
    if (package && strcmp(pad->label, "CEN") == 0)
        pad->ic_pin = package->cen_pin;
    pad->use = use_of(module, pad);
}

/* One word of the list: "P6", or "TX2=P0" for a test pad. */
static void pad_read(const struct module *module, const char *word, size_t size, size_t number,
                     struct module_pad *pad) {
    const char *equals = memchr(word, '=', size);
    *pad = (struct module_pad){.test_pad = equals != NULL};
    if (equals) {
        copy(pad->name, sizeof pad->name, word, (size_t)(equals - word));
        size -= (size_t)(equals + 1 - word);
        word = equals + 1;
    } else {
        struct text name = text_start(pad->name, sizeof pad->name);
        text_uint(&name, number);
    }
    copy(pad->label, sizeof pad->label, word, size);
    pad_fill(module, pad);
}

size_t module_pads(const struct module *module, struct module_pad pads[MODULE_PADS_MAX]) {
    const char *const lists[] = {module->pads, module->test_pads};
    size_t count = 0;
    for (size_t l = 0; l < 2; l++) {
        for (const char *p = lists[l]; *p && count < MODULE_PADS_MAX;) {
            size_t size = strcspn(p, " ");
            pad_read(module, p, size, count + 1, &pads[count]);
            count++;
            p += size;
            p += *p == ' ';
        }
    }
    return count;
}
