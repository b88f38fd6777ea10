/* The picture: the board in its colour with castellated gold pads (a chip with its legs), a pill
 * with the GPIO beside each pad, and the role in the colour of its kind. Self-contained: no fonts,
 * no scripts, no links. */
#include "workbench/modules/module_draw.h"

#include "workbench/modules/module_layout.h"
#include <string.h>

enum {
    PITCH = 30,        /* between pads */
    SIDE_LEAST = 220,  /* room for texts left and right */
    LETTER = 8,        /* width of a letter of a role, roughly */
    BOARD_LEAST = 220, /* width */
    MARGIN = 24,
    LEGS = 120, /* room above and below for a row of pads */
    PILL = 62,
    ANTENNA = 56
};

struct svg {
    struct text *out;
    const struct pin_uses *uses;
    int x, y, width, height; /* of the board */
};

static const char *const kind_colours[] = {
    [PIN_KIND_OTHER] = "#6b7280", [PIN_KIND_RELAY] = "#dc2626", [PIN_KIND_BUTTON] = "#ca8a04",
    [PIN_KIND_LED] = "#16a34a",   [PIN_KIND_METER] = "#0891b2", [PIN_KIND_LIGHT] = "#c026d3",
    [PIN_KIND_SENSOR] = "#2563eb"};

static const char *pad_colour(const struct module_pad *pad) {
    switch (pad->use) {
    case PAD_POWER:
        return "#b91c1c";
    case PAD_GROUND:
        return "#111827";
    case PAD_RX:
        return "#047857";
    case PAD_TX:
        return "#b45309";
    case PAD_RESET:
        return "#1d4ed8";
    case PAD_NONE:
        return "#d1d5db";
    default:
        return "#64748b";
    }
}

/* Adds ` name="value"`. */
static void attribute(struct text *out, const char *name, int value) {
    text_char(out, ' ');
    text_add(out, name);
    text_add(out, "=\"");
    text_int(out, value);
    text_char(out, '"');
}

static void escaped(struct text *out, const char *string) {
    for (; *string; string++) {
        if (*string == '&')
            text_add(out, "&amp;");
        else if (*string == '<')
            text_add(out, "&lt;");
        else if (*string == '>')
            text_add(out, "&gt;");
        else
            text_char(out, *string);
    }
}

static void rectangle(const struct svg *s, int x, int y, int width, int height, int radius,
                      const char *fill, const char *more) {
    text_add(s->out, "<rect");
    attribute(s->out, "x", x);
    attribute(s->out, "y", y);
    attribute(s->out, "width", width);
    attribute(s->out, "height", height);
    attribute(s->out, "rx", radius);
    text_add(s->out, " fill=\"");
    text_add(s->out, fill);
    text_add(s->out, "\"");
    text_add(s->out, more);
    text_add(s->out, "/>\n");
}

static void words(const struct svg *s, int x, int y, const char *anchor, const char *style,
                  const char *string) {
    text_add(s->out, "<text");
    attribute(s->out, "x", x);
    attribute(s->out, "y", y);
    text_add(s->out, " text-anchor=\"");
    text_add(s->out, anchor);
    text_add(s->out, "\" style=\"");
    text_add(s->out, style);
    text_add(s->out, "\">");
    escaped(s->out, string);
    text_add(s->out, "</text>\n");
}

static void pill(const struct svg *s, int x, int y, const struct module_pad *pad) {
    char label[24];
    struct text text = text_start(label, sizeof label);
    text_add(&text, pad->label);
    if (pad->use == PAD_RX || pad->use == PAD_TX) {
        text_char(&text, ' ');
        text_add(&text, pad_flash_name(pad));
    }
    rectangle(s, x, y - 10, PILL, 20, 10, pad_colour(pad),
              pad_is_for_flashing(pad) ? " stroke=\"#facc15\" stroke-width=\"2.5\"" : "");
    words(s, x + PILL / 2, y + 4, "middle", "fill:#fff;font-weight:600;font-size:12px", label);
}

/* The role beside a pill, in a tinted box; `right` tells on which side of x it starts. */
static void role(const struct svg *s, int x, int y, const struct module_pad *pad, bool right) {
    const struct pin_use *use = pin_use_of(s->uses, pad->gpio);
    if (!use)
        return;
    char line[96], style[64];
    struct text text = text_start(line, sizeof line), css = text_start(style, sizeof style);
    text_add(&text, use->words);
    if (*use->role && strcmp(use->role, use->words) != 0) {
        text_add(&text, " · ");
        text_add(&text, use->role);
    }
    text_add(&css, "font-size:13px;font-weight:600;fill:");
    text_add(&css, kind_colours[use->kind]);
    text_add(s->out, "<circle");
    attribute(s->out, "cx", right ? x + 5 : x - 5);
    attribute(s->out, "cy", y);
    text_add(s->out, " r=\"5\" fill=\"");
    text_add(s->out, kind_colours[use->kind]);
    text_add(s->out, "\"/>\n");
    words(s, right ? x + 16 : x - 16, y + 4, right ? "start" : "end", style, line);
}

/* A gold half-hole at the edge (a leg on a chip) and the number inside the board. */
static void side_pad(const struct svg *s, const struct module_pad *pad, int row, int offset,
                     bool right) {
    int y = s->y + offset + row * PITCH + PITCH / 2;
    int edge = right ? s->x + s->width : s->x;
    rectangle(s, right ? edge - 12 : edge - 6, y - 8, 18, 16, 3, "#d4a72c",
              " stroke=\"#8a6d1b\" stroke-width=\"1\"");
    words(s, right ? edge - 18 : edge + 18, y + 4, right ? "end" : "start",
          "fill:#e5e7eb;font-size:11px", pad->name);
    pill(s, right ? edge + 16 : edge - 16 - PILL, y, pad);
    role(s, right ? edge + 16 + PILL + 8 : edge - 16 - PILL - 8, y, pad, right);
}

/* Pads along the top or bottom: turned by a quarter. */
static void turned_pads(const struct svg *s, const struct edge *edge, bool top) {
    int span = (int)edge->count * PITCH, start = s->x + (s->width - span) / 2;
    for (size_t i = 0; i < edge->count; i++) {
        int x = start + (int)i * PITCH + PITCH / 2, y = top ? s->y : s->y + s->height;
        rectangle(s, x - 8, top ? y - 6 : y - 12, 16, 18, 3, "#d4a72c",
                  " stroke=\"#8a6d1b\" stroke-width=\"1\"");
        words(s, x, top ? y + 26 : y - 18, "middle", "fill:#e5e7eb;font-size:10px",
              edge->pads[i]->name);
        text_add(s->out, "<g transform=\"translate(");
        text_int(s->out, x);
        text_char(s->out, ' ');
        text_int(s->out, top ? y - 16 : y + 16);
        text_add(s->out, ") rotate(-90)\">\n");
        pill(s, top ? 0 : -PILL, 0, edge->pads[i]);
        role(s, top ? PILL + 8 : -PILL - 8, 0, edge->pads[i], top);
        text_add(s->out, "</g>\n");
    }
}

static void antenna(const struct svg *s) {
    int steps = (s->width - 60) / 28, x = s->x + (s->width - steps * 28) / 2, y = s->y + 12;
    text_add(s->out, "<path d=\"M");
    text_int(s->out, x);
    text_char(s->out, ' ');
    text_int(s->out, y + 26);
    for (int i = 0; i < steps; i++)
        text_add(s->out, "v-26h14v26h14");
    text_add(s->out, "\" fill=\"none\" stroke=\"#d4a72c\" stroke-width=\"4\"/>\n");
}

static void board(const struct svg *s, const struct module *module) {
    bool chip = module->shape == MODULE_CHIP;
    rectangle(s, s->x, s->y, s->width, s->height, chip ? 4 : 8, chip ? "#1f2937" : "#14532d",
              " stroke=\"#000\" stroke-opacity=\".35\" stroke-width=\"2\"");
    if (chip) {
        rectangle(s, s->x + 14, s->y + 40, 14, 14, 7, "#4b5563", "");
    } else if (module->shape != MODULE_LIST) {
        antenna(s);
        rectangle(s, s->x + 46, s->y + ANTENNA + 14, s->width - 92, s->height - ANTENNA - 44, 6,
                  "#9ca3af", " fill-opacity=\".9\"");
    }
    int middle = s->x + s->width / 2, height = s->y + s->height / 2 + (chip ? 0 : 20);
    const char *ink = chip || module->shape == MODULE_LIST ? "#f9fafb" : "#111827";
    char style[80];
    struct text css = text_start(style, sizeof style);
    text_add(&css, "font-size:20px;font-weight:700;fill:");
    text_add(&css, ink);
    const char *name = text_starts(module->name, "GENERIC-") ? "generic board" : module->name;
    words(s, middle, height, "middle", style, name);
    css = text_start(style, sizeof style);
    text_add(&css, "font-size:13px;fill:");
    text_add(&css, ink);
    words(s, middle, height + 20, "middle", style, module->mcu);
}

static void tests(const struct svg *s, const struct edge *edge, int y) {
    for (size_t i = 0; i < edge->count; i++) {
        int x = MARGIN + (int)(i % 2) * (s->x + 60), line = y + (int)(i / 2) * 26;
        char name[32];
        struct text text = text_start(name, sizeof name);
        text_add(&text, "test pad ");
        text_add(&text, edge->pads[i]->name);
        words(s, x, line + 4, "start", "font-size:12px;fill:#374151", name);
        pill(s, x + 96, line, edge->pads[i]);
        role(s, x + 96 + PILL + 8, line, edge->pads[i], true);
    }
}

static void open_svg(struct text *out, const struct module *module, int width, int height) {
    text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    attribute(out, "width", width);
    attribute(out, "height", height);
    text_add(out, " viewBox=\"0 0 ");
    text_int(out, width);
    text_char(out, ' ');
    text_int(out, height);
    text_add(out, "\" font-family=\"system-ui,Segoe UI,Helvetica,Arial,sans-serif\">\n<title>");
    escaped(out, module->name);
    text_add(out, " pin-out</title>\n");
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

/* Room beside the board for the longest role. */
static int side_room(const struct pin_uses *uses) {
    int longest = 0;
    for (size_t i = 0; uses && i < uses->count; i++) {
        int length = (int)(strlen(uses->use[i].words) + strlen(uses->use[i].role)) + 3;
        longest = length > longest ? length : longest;
    }
    int room = longest * LETTER + PILL + 60;
    return room > SIDE_LEAST ? room : SIDE_LEAST;
}

static void padless(const struct svg *s, const struct module_layout *layout, int y) {
    const struct pin_use *use;
    for (size_t n = 0; (use = pin_use_without_pad(layout, s->uses, n)); n++, y += 20) {
        char line[128];
        struct text text = text_start(line, sizeof line);
        text_add(&text, "On no pad of this module: GPIO ");
        text_int(&text, use->gpio);
        text_add(&text, ", ");
        text_add(&text, use->words);
        words(s, MARGIN, y, "start", "font-size:12px;fill:#b91c1c", line);
    }
}

/* Room above or below the board: for turned pads, and for their roles when they have any. */
static int row_room(const struct edge *edge, const struct pin_uses *uses, int otherwise) {
    for (size_t i = 0; i < edge->count; i++)
        if (pin_use_of(uses, edge->pads[i]->gpio))
            return LEGS + 150;
    return edge->count ? LEGS : otherwise;
}

void module_svg(const struct module *module, const struct pin_uses *uses, struct text *out) {
    struct module_layout layout;
    module_layout(module, &layout);
    size_t rows = larger(layout.left.count, layout.right.count);
    size_t row = larger(layout.bottom.count, layout.top.count);
    bool chip = module->shape == MODULE_CHIP, plain = module->shape == MODULE_LIST;
    int offset = chip ? 36 : plain ? 10 : ANTENNA;
    int above = row_room(&layout.top, uses, MARGIN + 16);
    int below = row_room(&layout.bottom, uses, MARGIN);
    struct svg s = {.out = out, .uses = uses, .x = side_room(uses), .y = above};
    s.width = (int)row * PITCH + 60 > BOARD_LEAST ? (int)row * PITCH + 60 : BOARD_LEAST;
    s.height =
        (int)rows * PITCH + offset + (chip ? 36 : 16) + (layout.bottom.count && !chip ? 24 : 0);
    int list = s.y + s.height + below;
    int notes = list + ((int)layout.tests.count + 1) / 2 * 26 + 12, bottom = notes;
    for (size_t n = 0; pin_use_without_pad(&layout, uses, n); n++)
        bottom += 20;
    open_svg(out, module, s.width + 2 * s.x, bottom + 28);
    rectangle(&s, 0, 0, s.width + 2 * s.x, bottom + 28, 12, "#f8fafc", "");
    board(&s, module);
    for (size_t i = 0; i < layout.left.count; i++)
        side_pad(&s, layout.left.pads[i], (int)i, offset, false);
    for (size_t i = 0; i < layout.right.count; i++)
        side_pad(&s, layout.right.pads[i], (int)i, offset, true);
    turned_pads(&s, &layout.top, true);
    turned_pads(&s, &layout.bottom, false);
    if (layout.left_caption) {
        words(&s, s.x - 16, s.y - 10, "end", "font-size:12px;fill:#374151",
              "one edge, front: odd pads");
        words(&s, s.x + s.width + 16, s.y - 10, "start", "font-size:12px;fill:#374151",
              "same edge, back: even pads");
    }
    tests(&s, &layout.tests, list);
    padless(&s, &layout, notes);
    words(&s, MARGIN, bottom + 12, "start", "font-size:12px;fill:#374151",
          "Pads with a yellow ring are needed for flashing; the adapter's TX goes to RX.");
    text_add(out, "</svg>\n");
}
