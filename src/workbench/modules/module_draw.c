/* The terminal drawing. A board seen from above, pads as dots on its edges, GPIO and role beside
 * them; pads for flashing are filled. Widths are counted on plain ASCII pieces, so colour codes
 * and box characters never disturb the columns. */
#include "workbench/modules/module_draw.h"

#include "workbench/modules/module_layout.h"
#include <string.h>

#define BOARD_WIDTH 24
#define CHIP_COLUMN 5
#define SIDE_WIDTH  30

struct canvas {
    struct text *out;
    const struct pin_uses *uses;
    bool colour;
    size_t side; /* width of the text on the left */
};

static const char *const kind_colours[] = {
    [PIN_KIND_OTHER] = "37",   [PIN_KIND_RELAY] = "1;31", [PIN_KIND_BUTTON] = "1;33",
    [PIN_KIND_LED] = "1;32",   [PIN_KIND_METER] = "1;36", [PIN_KIND_LIGHT] = "1;35",
    [PIN_KIND_SENSOR] = "1;34"};

static void paint(const struct canvas *c, const char *code, const char *what) {
    if (c->colour && *code) {
        text_add(c->out, "\033[");
        text_add(c->out, code);
        text_char(c->out, 'm');
    }
    text_add(c->out, what);
    if (c->colour && *code)
        text_add(c->out, "\033[0m");
}

static void repeat(const struct canvas *c, const char *what, size_t times) {
    while (times--)
        text_add(c->out, what);
}

static const char *flash_colour(const struct module_pad *pad) {
    switch (pad->use) {
    case PAD_POWER:
        return "97;41";
    case PAD_GROUND:
        return "97;100";
    case PAD_RX:
        return "30;42";
    case PAD_TX:
        return "30;43";
    case PAD_RESET:
        return "97;44";
    default:
        return "";
    }
}

static const char *dot(const struct module_pad *pad) {
    return pad_is_for_flashing(pad) ? "●" : pad->use == PAD_NONE ? "·" : "○";
}

/* "P10 RX" for a loader pad, else its label. */
static void pad_label(const struct module_pad *pad, struct text *out) {
    text_add(out, pad->label);
    if (pad->use == PAD_RX || pad->use == PAD_TX) {
        text_char(out, ' ');
        text_add(out, pad_flash_name(pad));
    }
}

static const char *pad_role(const struct canvas *c, const struct module_pad *pad,
                            const char **code) {
    const struct pin_use *use = pin_use_of(c->uses, pad->gpio);
    *code = use ? kind_colours[use->kind] : "";
    return use ? use->words : "";
}

static size_t left_width(const struct canvas *c, const struct module_pad *pad) {
    char label[24];
    const char *code;
    struct text text = text_start(label, sizeof label);
    pad_label(pad, &text);
    size_t role = strlen(pad_role(c, pad, &code));
    return text.length + (role ? role + 2 : 0) + strlen(pad->name) + 2;
}

static void left_pad(const struct canvas *c, const struct module_pad *pad) {
    char label[24];
    const char *code;
    if (!pad) {
        repeat(c, " ", c->side);
        text_add(c->out, "│");
        return;
    }
    struct text text = text_start(label, sizeof label);
    pad_label(pad, &text);
    const char *role = pad_role(c, pad, &code);
    size_t width = left_width(c, pad);
    repeat(c, " ", c->side > width ? c->side - width : 0);
    paint(c, code, role);
    repeat(c, " ", *role ? 2 : 0);
    paint(c, *flash_colour(pad) ? flash_colour(pad) : code, label);
    text_char(c->out, ' ');
    paint(c, "2", pad->name);
    text_char(c->out, ' ');
    paint(c, *flash_colour(pad) ? "1" : code, dot(pad));
}

static void right_pad(const struct canvas *c, const struct module_pad *pad) {
    char label[24];
    const char *code;
    if (!pad) {
        text_add(c->out, "│\n");
        return;
    }
    struct text text = text_start(label, sizeof label);
    pad_label(pad, &text);
    const char *role = pad_role(c, pad, &code);
    paint(c, *flash_colour(pad) ? "1" : code, dot(pad));
    text_char(c->out, ' ');
    paint(c, "2", pad->name);
    text_char(c->out, ' ');
    paint(c, *flash_colour(pad) ? flash_colour(pad) : code, label);
    if (*role) {
        repeat(c, " ", 2);
        paint(c, code, role);
    }
    text_char(c->out, '\n');
}

static void centred(const struct canvas *c, const char *what, size_t width) {
    size_t length = strlen(what), room = width > length ? width - length : 0;
    repeat(c, " ", room / 2);
    paint(c, "1", what);
    repeat(c, " ", room - room / 2);
}

static void rule(const struct canvas *c, const char *from, const char *to, size_t width) {
    repeat(c, " ", c->side);
    text_add(c->out, from);
    repeat(c, "─", width);
    text_add(c->out, to);
    text_char(c->out, '\n');
}

/* A row of a board's printed antenna. */
static void antenna(const struct canvas *c, size_t width) {
    static const char *const rows[] = {"┌─┐ ┌─┐ ┌─┐ ┌─┐ ", "┘ └─┘ └─┘ └─┘ └─"};
    for (size_t i = 0; i < 2; i++) {
        repeat(c, " ", c->side);
        text_add(c->out, "│");
        repeat(c, " ", (width - 16) / 2);
        paint(c, "33", rows[i]);
        repeat(c, " ", width - 16 - (width - 16) / 2);
        text_add(c->out, "│\n");
    }
}

/* Legs along the top or bottom of a chip, or pads along a board's bottom: three lines. */
static void row_of_pads(const struct canvas *c, const struct edge *edge, bool above) {
    for (int pass = 0; pass < 3; pass++) {
        int line = above ? pass : 2 - pass; /* 0 label, 1 number, 2 dot */
        if (line == 2)
            continue; /* the dots are part of the rule */
        repeat(c, " ", c->side + 1);
        for (size_t i = 0; i < edge->count; i++) {
            const struct module_pad *pad = edge->pads[i];
            const char *code;
            (void)pad_role(c, pad, &code);
            const char *what = line == 0 ? pad->label : pad->name;
            size_t length = strlen(what);
            repeat(c, " ", length < CHIP_COLUMN ? (CHIP_COLUMN - length + 1) / 2 : 0);
            paint(c, line == 1 ? "2" : *flash_colour(pad) ? flash_colour(pad) : code, what);
            repeat(c, " ", length < CHIP_COLUMN ? (CHIP_COLUMN - length) / 2 : 0);
        }
        text_char(c->out, '\n');
    }
}

static void rule_of_pads(const struct canvas *c, const struct edge *edge, const char *from,
                         const char *to, size_t width) {
    repeat(c, " ", c->side);
    text_add(c->out, from);
    size_t drawn = 0;
    for (size_t i = 0; i < edge->count; i++, drawn += CHIP_COLUMN) {
        repeat(c, "─", CHIP_COLUMN / 2);
        text_add(c->out, dot(edge->pads[i]));
        repeat(c, "─", CHIP_COLUMN / 2);
    }
    repeat(c, "─", width > drawn ? width - drawn : 0);
    text_add(c->out, to);
    text_char(c->out, '\n');
}

/* One line per pad that has no place at the sides: test pads, and roles of rows of pads. */
static void listed(const struct canvas *c, const struct edge *edge, const char *what,
                   bool only_used) {
    for (size_t i = 0; i < edge->count; i++) {
        const struct module_pad *pad = edge->pads[i];
        char label[24];
        const char *code, *role = pad_role(c, pad, &code);
        struct text text = text_start(label, sizeof label);
        pad_label(pad, &text);
        if (only_used && !*role && pad->use != PAD_RX && pad->use != PAD_TX)
            continue;
        text_add(c->out, "  ");
        text_add(c->out, what);
        text_char(c->out, ' ');
        paint(c, "2", pad->name);
        repeat(c, " ", strlen(pad->name) < 6 ? 6 - strlen(pad->name) : 1);
        paint(c, *flash_colour(pad) ? flash_colour(pad) : code, label);
        if (*role) {
            repeat(c, " ", text.length < 7 ? 8 - text.length : 2);
            paint(c, code, role);
        }
        text_char(c->out, '\n');
    }
}

static void flashing(const struct canvas *c, const struct module_layout *layout) {
    static const enum pad_use wanted[] = {PAD_POWER, PAD_GROUND, PAD_RX, PAD_TX, PAD_RESET};
    text_add(c->out, "  ● needed for flashing:");
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
        const struct module_pad *found = NULL;
        for (size_t i = 0; i < MODULE_PADS_MAX && !found; i++)
            if (layout->pads[i].label[0] && layout->pads[i].use == wanted[w])
                found = &layout->pads[i];
        if (!found)
            continue;
        text_char(c->out, ' ');
        paint(c, flash_colour(found), pad_flash_name(found));
        text_char(c->out, '=');
        text_add(c->out, found->name);
    }
    text_add(c->out, " (the adapter's TX goes to RX)\n");
}

/* Uses that the module has no pad for, so that they do not vanish. */
static void padless(const struct canvas *c, const struct module_layout *layout) {
    const struct pin_use *use;
    for (size_t n = 0; (use = pin_use_without_pad(layout, c->uses, n)); n++) {
        text_add(c->out, "  on no pad of this module: GPIO ");
        text_int(c->out, use->gpio);
        repeat(c, " ", 2);
        paint(c, kind_colours[use->kind], use->words);
        text_char(c->out, '\n');
    }
}

static void sides_measure(struct canvas *c, const struct module_layout *layout) {
    c->side = 4;
    for (size_t i = 0; i < layout->left.count; i++) {
        size_t width = left_width(c, layout->left.pads[i]);
        if (width > c->side)
            c->side = width;
    }
    c->side++;
}

static void board_rows(const struct canvas *c, const struct module *module,
                       const struct module_layout *layout, size_t width) {
    size_t rows =
        layout->left.count > layout->right.count ? layout->left.count : layout->right.count;
    for (size_t i = 0; i < rows; i++) {
        left_pad(c, i < layout->left.count ? layout->left.pads[i] : NULL);
        if (i == rows / 2 - 1)
            centred(c, module->name, width);
        else if (i == rows / 2)
            centred(c, module->mcu, width);
        else
            repeat(c, " ", width);
        right_pad(c, i < layout->right.count ? layout->right.pads[i] : NULL);
    }
}

static void captions(const struct canvas *c, const struct module_layout *layout, size_t width) {
    if (!layout->left_caption)
        return;
    size_t used = strlen(layout->left_caption);
    repeat(c, " ", c->side > used ? c->side - used : 0);
    paint(c, "4", layout->left_caption);
    repeat(c, " ", width + 2);
    paint(c, "4", layout->right_caption);
    text_char(c->out, '\n');
}

void module_draw(const struct module *module, const struct pin_uses *uses, bool colour,
                 struct text *out) {
    struct module_layout layout;
    struct canvas c = {.out = out, .uses = uses, .colour = colour};
    module_layout(module, &layout);
    sides_measure(&c, &layout);
    bool chip = module->shape == MODULE_CHIP;
    size_t lower = layout.bottom.count * CHIP_COLUMN;
    size_t width = lower > BOARD_WIDTH ? lower : BOARD_WIDTH;
    size_t name = strlen(module->name) + 2;
    width = name > width ? name : width;
    captions(&c, &layout, width);
    if (layout.top.count) {
        row_of_pads(&c, &layout.top, true);
        rule_of_pads(&c, &layout.top, "┌", "┐", width);
    } else {
        rule(&c, "┌", "┐", width);
    }
    if (!chip && module->shape != MODULE_LIST)
        antenna(&c, width);
    board_rows(&c, module, &layout, width);
    if (layout.bottom.count) {
        rule_of_pads(&c, &layout.bottom, "└", "┘", width);
        row_of_pads(&c, &layout.bottom, false);
    } else {
        rule(&c, "└", "┘", width);
    }
    listed(&c, &layout.top, "leg", true);
    listed(&c, &layout.bottom, chip ? "leg" : "pad", true);
    listed(&c, &layout.tests, "test pad", false);
    padless(&c, &layout);
    flashing(&c, &layout);
    if (chip)
        text_add(out,
                 "  3V3 and GND: at the product's regulator; GND is also the centre pad of the "
                 "chip\n");
}
