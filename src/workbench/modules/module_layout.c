/* Sorting pads onto edges by the module's shape. */
#include "workbench/modules/module_layout.h"

#include <string.h>

static void put(struct edge *edge, const struct module_pad *pad) {
    if (edge->count < EDGE_PADS_MAX)
        edge->pads[edge->count++] = pad;
}

static void reverse(struct edge *edge) {
    for (size_t i = 0; i < edge->count / 2; i++) {
        const struct module_pad *other = edge->pads[edge->count - 1 - i];
        edge->pads[edge->count - 1 - i] = edge->pads[i];
        edge->pads[i] = other;
    }
}

/* The edge of pad number i of n ordinary pads. */
static struct edge *edge_of(const struct module *module, struct module_layout *out, size_t i,
                            size_t n) {
    switch (module->shape) {
    case MODULE_SIDES:
        return i < module->left                  ? &out->left
               : i >= n - (size_t)module->bottom ? &out->bottom
                                                 : &out->right;
    case MODULE_FACES:
        return i % 2 ? &out->right : &out->left;
    case MODULE_EDGE:
        return &out->left;
    case MODULE_CHIP:
        return i < n / 4       ? &out->left
               : i < n / 2     ? &out->bottom
               : i < n / 4 * 3 ? &out->right
                               : &out->top;
    default:
        return i < (n + 1) / 2 ? &out->left : &out->right;
    }
}

void module_layout(const struct module *module, struct module_layout *out) {
    memset(out, 0, sizeof *out);
    size_t all = module_pads(module, out->pads), n = 0;
    while (n < all && !out->pads[n].test_pad)
        n++;
    for (size_t i = 0; i < all; i++)
        put(i < n ? edge_of(module, out, i, n) : &out->tests, &out->pads[i]);
    if (module->shape == MODULE_SIDES || module->shape == MODULE_CHIP)
        reverse(&out->right);
    if (module->shape == MODULE_CHIP)
        reverse(&out->top);
    if (module->shape == MODULE_FACES) {
        out->left_caption = "front, odd";
        out->right_caption = "back, even (same edge)";
    }
}

const struct pin_use *pin_use_of(const struct pin_uses *uses, int gpio) {
    for (size_t i = 0; uses && gpio >= 0 && i < uses->count; i++)
        if (uses->use[i].gpio == gpio)
            return &uses->use[i];
    return NULL;
}

static bool has_pad(const struct module_layout *layout, int gpio) {
    for (size_t i = 0; i < MODULE_PADS_MAX; i++)
        if (layout->pads[i].label[0] && layout->pads[i].gpio == gpio)
            return true;
    return false;
}

const struct pin_use *pin_use_without_pad(const struct module_layout *layout,
                                          const struct pin_uses *uses, size_t n) {
    for (size_t i = 0; uses && i < uses->count; i++)
        if (!has_pad(layout, uses->use[i].gpio) && n-- == 0)
            return &uses->use[i];
    return NULL;
}

bool pad_is_for_flashing(const struct module_pad *pad) {
    return pad->use == PAD_POWER || pad->use == PAD_GROUND || pad->use == PAD_RESET ||
           pad->use == PAD_RX || pad->use == PAD_TX;
}

const char *pad_flash_name(const struct module_pad *pad) {
    static const char *const names[] = {[PAD_POWER] = "3V3",
                                        [PAD_GROUND] = "GND",
                                        [PAD_RESET] = "CEN",
                                        [PAD_RX] = "RX",
                                        [PAD_TX] = "TX"};
    return pad_is_for_flashing(pad) ? names[pad->use] : "";
}
